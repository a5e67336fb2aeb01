"""The life of a dispute: who may do what in which state."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from ansinh_kit.errors import DomainError
from ansinh_kit.testing.given_when_then import Scenario
from hypothesis import given
from hypothesis import strategies as st
from records.domain.dispute import commands as asked
from records.domain.dispute.commands import DisputeCommand
from records.domain.dispute.decide import dispute_decider, dispute_events
from records.domain.dispute.errors import (
    DisputeAlreadyOpenedError,
    DisputeNotFoundError,
    DisputeSettledError,
    DisputeTakenError,
    NotInChargeError,
    NotOverdueError,
)
from records.domain.dispute.events import DisputeEvent, DisputeOpened, DisputeSettled
from records.domain.dispute.matter import Matter, Nature, Subject
from records.domain.dispute.number import dispute_number, series_of
from records.domain.dispute.state import Dispute
from records.domain.offices import Officer

from tests.records import access_builders as b

scenario: Scenario[DisputeCommand, Dispute, DisputeEvent] = Scenario(dispute_decider, dispute_events)
LATE = b.DUE + timedelta(minutes=1)


def open_dispute(matter: Matter = b.MATTER) -> asked.OpenDispute:
    return asked.OpenDispute(
        dispute_id=b.DISPUTE,
        participant_id=b.PARTICIPANT,
        number=b.NUMBER,
        matter=matter,
        words=b.WORDS,
        agency_code=b.AGENCY,
        opened_by="participant",
        language="vi",
        contact=b.contact(),
        due_at=b.DUE,
        at=b.AT,
    )


def assign(officer: Officer = b.OFFICER, at: datetime = b.AT) -> asked.AssignDispute:
    return asked.AssignDispute(officer=officer, at=at)


def answer(officer: Officer = b.OFFICER) -> asked.AnswerDispute:
    return asked.AnswerDispute(officer=officer, answer=b.ANSWER, at=b.AT)


def settle(outcome: Literal["corrected", "stands"] = "corrected", officer: Officer = b.OFFICER) -> asked.SettleDispute:
    return asked.SettleDispute(officer=officer, outcome=outcome, answer=b.ANSWER, at=b.AT)


def withdraw(participant_id: str = b.PARTICIPANT) -> asked.WithdrawDispute:
    return asked.WithdrawDispute(participant_id=participant_id, at=b.AT)


@pytest.mark.req("V-27")
def test_a_dispute_has_a_number_an_agency_and_a_due_date() -> None:
    scenario.given().when(open_dispute()).then(b.dispute_opened())


@pytest.mark.req("V-27")
def test_an_officer_takes_it_answers_and_settles_it() -> None:
    scenario.given(b.dispute_opened()).when(assign()).then(b.dispute_assigned())
    scenario.given(b.dispute_opened(), b.dispute_assigned()).when(answer()).then(b.dispute_answered())
    for outcome in ("corrected", "stands"):
        settled = scenario.given(b.dispute_opened(), b.dispute_assigned()).when(settle(outcome))
        settled.then(b.dispute_settled(outcome))


@pytest.mark.req("V-28")
@pytest.mark.parametrize(
    ("subject", "nature"),
    [("visit", "fraud"), ("period", "error"), ("benefit", "error"), ("card", "error"), ("identity", "error")],
)
def test_a_disputed_visit_is_a_fraud_case(subject: Subject, nature: Nature) -> None:
    assert Matter(subject).nature == nature


@pytest.mark.req("S-47")
def test_what_is_said_of_a_visit_is_health_data() -> None:
    assert Matter("visit").is_health_data
    assert not Matter("period").is_health_data


@pytest.mark.parametrize("command", [answer(), settle(), answer(b.COLLEAGUE), settle(officer=b.COLLEAGUE)])
def test_only_the_officer_in_charge_answers_and_settles(command: DisputeCommand) -> None:
    scenario.given(b.dispute_opened(), b.dispute_assigned(b.PROVINCIAL)).when(command).then_raises(NotInChargeError)
    scenario.given(b.dispute_opened()).when(command).then_raises(NotInChargeError)


def test_taking_it_twice_changes_nothing_and_a_colleague_comes_too_late() -> None:
    taken = scenario.given(b.dispute_opened(), b.dispute_assigned())
    taken.when(assign()).then()
    taken.when(assign(b.COLLEAGUE)).then_raises(DisputeTakenError)
    taken.when(assign(b.PROVINCIAL)).then_raises(DisputeTakenError)


@pytest.mark.sec("API-05")
@pytest.mark.parametrize(
    "command", [assign(b.STRANGER), answer(b.STRANGER), settle(officer=b.STRANGER), withdraw("f" * 32)]
)
def test_for_other_agencies_and_other_people_it_does_not_exist(command: DisputeCommand) -> None:
    scenario.given(b.dispute_opened(), b.dispute_assigned()).when(command).then_raises(DisputeNotFoundError)
    scenario.given().when(command).then_raises(DisputeNotFoundError)


def test_the_person_may_withdraw_it_until_it_is_settled_and_twice() -> None:
    scenario.given(b.dispute_opened()).when(withdraw()).then(b.dispute_settled("withdrawn"))
    scenario.given(b.dispute_opened(), b.dispute_settled("withdrawn")).when(withdraw()).then()
    settled = scenario.given(b.dispute_opened(), b.dispute_assigned(), b.dispute_settled("stands"))
    assert settled.when(withdraw()).then_raises(DisputeSettledError).outcome == "stands"


@pytest.mark.parametrize("command", [assign(), answer(), settle()])
def test_a_settled_dispute_is_over(command: DisputeCommand) -> None:
    over = scenario.given(b.dispute_opened(), b.dispute_assigned(), b.dispute_settled())
    over.when(command).then_raises(DisputeSettledError)


@pytest.mark.req("U-11")
def test_an_overdue_dispute_is_escalated_once_and_not_a_moment_too_soon() -> None:
    opened = scenario.given(b.dispute_opened(), b.dispute_assigned())
    opened.when(asked.EscalateDispute(at=LATE)).then(b.dispute_escalated())
    refusal = opened.when(asked.EscalateDispute(at=b.DUE)).then_raises(NotOverdueError)
    assert refusal.due_at == b.DUE
    escalated = scenario.given(b.dispute_opened(), b.dispute_escalated())
    escalated.when(asked.EscalateDispute(at=LATE)).then()
    settled = scenario.given(b.dispute_opened(), b.dispute_assigned(), b.dispute_settled())
    settled.when(asked.EscalateDispute(at=LATE)).then()


@pytest.mark.req("U-11")
def test_an_escalated_dispute_passes_to_the_provincial_office_and_to_nobody_else() -> None:
    escalated = scenario.given(b.dispute_opened(), b.dispute_assigned(), b.dispute_escalated())
    escalated.when(assign(b.PROVINCIAL)).then(b.dispute_assigned(b.PROVINCIAL))
    escalated.when(assign(b.COLLEAGUE)).then_raises(DisputeTakenError)


def test_a_dispute_is_opened_once() -> None:
    scenario.given(b.dispute_opened()).when(open_dispute()).then_raises(DisputeAlreadyOpenedError)


def test_numbers_are_counted_by_agency_and_year_in_viet_nam() -> None:
    new_year = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)
    assert series_of("066", new_year) == "2026/06600"
    assert dispute_number(18, series_of("06601", b.AT)) == b.NUMBER


OFFICERS = st.sampled_from([b.OFFICER, b.COLLEAGUE, b.PROVINCIAL, b.STRANGER])
MOMENTS = st.datetimes(b.AT.replace(tzinfo=None), (b.DUE + timedelta(days=9)).replace(tzinfo=None)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
COMMANDS: st.SearchStrategy[DisputeCommand] = st.one_of(
    st.builds(asked.AssignDispute, officer=OFFICERS, at=MOMENTS),
    st.builds(asked.AnswerDispute, officer=OFFICERS, answer=st.just(b.ANSWER), at=MOMENTS),
    st.builds(
        asked.SettleDispute,
        officer=OFFICERS,
        outcome=st.sampled_from(["corrected", "stands"]),
        answer=st.just(b.ANSWER),
        at=MOMENTS,
    ),
    st.builds(asked.WithdrawDispute, participant_id=st.sampled_from([b.PARTICIPANT, "f" * 32]), at=MOMENTS),
    st.builds(asked.EscalateDispute, at=MOMENTS),
)


@given(st.lists(COMMANDS, max_size=12))
def test_whatever_is_asked_it_ends_at_most_once_with_words_and_nothing_follows(commands: list[DisputeCommand]) -> None:
    history: list[DisputeEvent] = [b.dispute_opened()]
    for command in commands:
        try:
            history += dispute_decider.decide(command, dispute_decider.fold(history))
        except DomainError:
            continue
    endings = [event for event in history if isinstance(event, DisputeSettled)]
    assert endings == [event for event in history[-1:] if isinstance(event, DisputeSettled)]
    assert all(event.answer or event.outcome == "withdrawn" for event in endings)
    assert [event for event in history if isinstance(event, DisputeOpened)] == history[:1]
    assert all(getattr(event, "officer_id", None) != b.STRANGER.officer_id for event in history)
