"""Who read my record, and what became of my disputes: folded, as of a moment, and folded again."""

from datetime import timedelta

import pytest
from ansinh_kit.database import Document
from ansinh_kit.events import ERASED, DomainEvent, Metadata, RecordedEvent
from ansinh_kit.projections.projection import Projection
from hypothesis import given
from hypothesis import strategies as st
from records.domain.dispute.matter import Matter, Subject
from records.projections.dispute_time_line import time_line
from records.projections.disputes import Disputes, steps_by
from records.projections.readings import Readings, openings_seen

from tests.records import access_builders as b

HOUR = timedelta(hours=1)


def recorded(*events: DomainEvent) -> list[RecordedEvent]:
    """Return the events as the log would hold them: one an hour."""
    return [
        RecordedEvent(
            event=event,
            event_id=f"event-{position}",
            stream_id="stream",
            version=position,
            position=position,
            recorded_at=b.AT + (position - 1) * HOUR,
            commit_id=f"commit-{position}",
            metadata=Metadata(correlation_id="test"),
        )
        for position, event in enumerate(events, start=1)
    ]


def folded(projection: Projection, key: str, events: list[RecordedEvent]) -> Document | None:
    document: Document | None = None
    for event in events:
        if key in projection.keys(event):
            document = projection.fold(key, document, event)
    return document


@pytest.mark.sec("PII-10")
def test_a_person_sees_when_which_office_in_which_role_read_which_part_and_why() -> None:
    events = recorded(b.record_opened(), b.record_read("person"), b.record_read("benefits", at=b.AT + HOUR))
    opening = openings_seen(folded(Readings(), b.PARTICIPANT, events), None)[0]
    assert (opening.agency_code, opening.office_role, opening.reason) == (b.AGENCY, "officer", b.REASON)
    assert [(read.part, read.at) for read in opening.reads] == [("person", b.AT), ("benefits", b.AT + HOUR)]
    assert [read.event_id for read in opening.reads] == ["event-2", "event-3"]


def test_who_the_officer_was_is_not_in_it() -> None:
    events = recorded(b.record_opened(), b.record_read("person"))
    assert b.OFFICER.officer_id not in str(folded(Readings(), b.PARTICIPANT, events))


def test_readings_can_be_asked_as_of_a_moment() -> None:
    document = folded(Readings(), b.PARTICIPANT, recorded(b.record_opened(), b.record_read("person")))
    assert openings_seen(document, b.AT - HOUR) == []
    assert [opening.reads for opening in openings_seen(document, b.AT)] == [()]
    assert len(openings_seen(document, b.AT + HOUR)[0].reads) == 1


def test_of_a_forgotten_person_nothing_is_shown_and_nothing_breaks() -> None:
    erased: Document = {"participant_id": b.PARTICIPANT, "openings": ERASED}
    assert openings_seen(erased, None) == []
    assert openings_seen(None, None) == []
    (read,) = recorded(b.record_read("person"))
    after = Readings().fold(b.PARTICIPANT, erased, read)
    assert openings_seen(after, None) == []


def test_the_reason_is_written_encrypted() -> None:
    document = folded(Readings(), b.PARTICIPANT, recorded(b.record_opened()))
    assert document is not None
    clear = {name: value for name, value in document.items() if name not in Readings.personal_fields}
    assert b.REASON not in str(clear)


@pytest.mark.req("V-27")
def test_a_dispute_shows_its_number_state_agency_and_due_date() -> None:
    events = recorded(b.dispute_opened(), b.dispute_assigned(), b.dispute_answered(), b.dispute_settled())
    document = folded(Disputes(), b.DISPUTE, events)
    assert document is not None
    assert document["number"] == b.NUMBER
    assert (document["state"], document["is_open"], document["due_at"]) == ("corrected", False, b.DUE)
    assert [step["step"] for step in document["steps"]] == ["opened", "assigned", "answered", "corrected"]


@pytest.mark.req("V-28")
@pytest.mark.parametrize(("subject", "nature"), [("visit", "fraud"), ("card", "error")])
def test_the_queue_knows_fraud_cases_from_errors(subject: Subject, nature: str) -> None:
    document = folded(Disputes(), b.DISPUTE, recorded(b.dispute_opened(Matter(subject))))
    assert document is not None
    assert document["nature"] == nature


@pytest.mark.req("U-11")
def test_an_escalated_dispute_is_marked_for_the_provincial_office() -> None:
    document = folded(Disputes(), b.DISPUTE, recorded(b.dispute_opened(), b.dispute_escalated()))
    assert document is not None
    assert document["offices"] == [b.PROVINCE, b.AGENCY]
    assert document["escalated_to"] == b.PROVINCE


def test_the_read_model_of_disputes_quotes_nobody() -> None:
    document = folded(Disputes(), b.DISPUTE, recorded(b.dispute_opened(), b.dispute_assigned(), b.dispute_answered()))
    text = str(document)
    assert not [value for value in (b.WORDS, b.ANSWER, b.contact().full_name, b.contact().phone) if value in text]


LIVES = st.sampled_from(
    [
        [b.dispute_opened()],
        [b.dispute_opened(), b.dispute_settled("withdrawn")],
        [b.dispute_opened(), b.dispute_assigned(), b.dispute_answered(), b.dispute_settled("stands")],
        [b.dispute_opened(), b.dispute_escalated(), b.dispute_assigned(b.PROVINCIAL), b.dispute_settled("corrected")],
    ]
)


@given(LIVES, st.integers(-1, 5))
def test_list_and_time_line_tell_the_same_story_as_of_any_moment(life: list[DomainEvent], hours: int) -> None:
    events = recorded(*life)
    document = folded(Disputes(), b.DISPUTE, events)
    assert document is not None
    moment = b.AT + hours * HOUR
    listed = [(step["step"], step["event_id"]) for step in steps_by(document, moment)]
    assert listed == [(step.step, step.event_id) for step in time_line(events, moment)]
    assert len(listed) == min(max(hours + 1, 0), len(life))
