"""Who may open a record, and read under the opening."""

from datetime import timedelta
from typing import get_args

import pytest
from ansinh_kit.testing.given_when_then import Scenario
from hypothesis import given
from hypothesis import strategies as st
from records.domain.free_text import written_reason
from records.domain.offices import Officer, covers
from records.domain.opening.errors import (
    OpeningClosedError,
    OpeningNotValidError,
    OpeningTooNarrowError,
    RecordNotFoundError,
)
from records.domain.opening.opening import (
    Opening,
    OpeningCommand,
    OpeningEvent,
    OpenRecord,
    ReadUnderOpening,
    opening_decider,
    opening_events,
)
from records.domain.parts import Part, Scope
from records.domain.rules import RuleBrokenError

from tests.records import access_builders as b

PARTS: tuple[Part, ...] = get_args(Part)
scenario: Scenario[OpeningCommand, Opening, OpeningEvent] = Scenario(opening_decider, opening_events)


def open_record(*, scope: Scope = "record", officer: Officer = b.OFFICER, managed_by: str = b.AGENCY) -> OpenRecord:
    return OpenRecord(
        opening_id=b.OPENING,
        participant_id=b.PARTICIPANT,
        managed_by=managed_by,
        officer=officer,
        scope=scope,
        reason=b.REASON,
        lasts=b.LASTS,
        at=b.AT,
    )


def read(
    part: Part = "person",
    *,
    officer: Officer = b.OFFICER,
    participant_id: str = b.PARTICIPANT,
    managed_by: str = b.AGENCY,
    after: timedelta = timedelta(0),
) -> ReadUnderOpening:
    return ReadUnderOpening(
        participant_id=participant_id, managed_by=managed_by, officer=officer, part=part, at=b.AT + after
    )


def test_an_officer_opens_a_record_of_the_own_agency_for_a_limited_time() -> None:
    scenario.given().when(open_record()).then(b.record_opened())


@pytest.mark.sec("PII-10")
def test_a_read_under_the_opening_is_an_event() -> None:
    scenario.given(b.record_opened()).when(read("benefits")).then(b.record_read("benefits"))


@pytest.mark.req("S-47")
def test_health_data_needs_an_opening_of_its_own_scope() -> None:
    refusal = scenario.given(b.record_opened()).when(read("visits")).then_raises(OpeningTooNarrowError)
    assert (refusal.scope, refusal.part) == ("record", "visits")
    scenario.given(b.record_opened(scope="health")).when(read("visits")).then(b.record_read("visits"))


@pytest.mark.parametrize("part", [part for part in PARTS if part != "visits"])
def test_an_opening_of_the_record_reaches_everything_but_health_data(part: Part) -> None:
    scenario.given(b.record_opened()).when(read(part)).then(b.record_read(part))


def test_an_opening_is_over_when_its_time_is() -> None:
    before = b.LASTS - timedelta(microseconds=1)
    assert scenario.given(b.record_opened()).when(read(after=before)).error is None
    refusal = scenario.given(b.record_opened()).when(read(after=b.LASTS)).then_raises(OpeningClosedError)
    assert refusal.closed_at == b.AT + b.LASTS


@pytest.mark.parametrize(
    "command",
    [
        read(officer=b.COLLEAGUE),
        read(officer=Officer(b.OFFICER.officer_id, "066", "officer")),
        read(participant_id="f" * 32),
    ],
    ids=["a colleague", "the officer at another office", "another record"],
)
def test_an_opening_is_good_for_its_officer_and_its_record_only(command: ReadUnderOpening) -> None:
    scenario.given(b.record_opened()).when(command).then_raises(OpeningNotValidError)


def test_an_opening_that_never_was_reads_nothing() -> None:
    scenario.given().when(read()).then_raises(OpeningNotValidError)


@pytest.mark.sec("API-05")
@pytest.mark.parametrize("managed_by", ["06602", "066", "07901"])
def test_the_record_of_another_agency_does_not_exist_for_an_officer(managed_by: str) -> None:
    scenario.given().when(open_record(managed_by=managed_by)).then_raises(RecordNotFoundError)


def test_a_record_that_went_to_another_agency_closes_at_once() -> None:
    scenario.given(b.record_opened()).when(read(managed_by="07901")).then_raises(RecordNotFoundError)


def test_an_opening_is_opened_once() -> None:
    scenario.given(b.record_opened()).when(open_record()).then_raises(OpeningNotValidError)


@given(st.from_regex(r"[0-9]{5}", fullmatch=True), st.from_regex(r"[0-9]{5}", fullmatch=True))
def test_an_office_covers_itself_and_a_provincial_one_those_under_it(one: str, other: str) -> None:
    assert covers(one, other) == (one == other)
    assert covers(one[:3], other) == (other[:3] == one[:3])
    assert not covers(one, other[:3])


@pytest.mark.parametrize("raw", ["", "quá ngắn", "." * 40, "12345 67890 123", "Lý do\u202eđảo chiều chữ", "a" * 501])
def test_a_reason_is_written_in_words(raw: str) -> None:
    with pytest.raises(RuleBrokenError):
        written_reason(raw)


def test_a_reason_is_kept_in_one_normal_form() -> None:
    assert written_reason("  Đối chiếu quá trình đóng\r\ntheo đơn  ") == "Đối chiếu quá trình đóng\ntheo đơn"
