"""What of a contribution is personal, and what is left of it once the person was forgotten."""

import pytest
from records.domain.contributions.decide import contribution_events
from records.domain.contributions.state import Event

from tests.records.unit.contributions import builders as b

FULL = b.period(movement_code="TS", workplace="Buôn Ma Thuột")


@pytest.mark.sec("PII-04")
def test_work_and_pay_are_personal_and_months_and_employers_are_not() -> None:
    assert {event.event_type: sorted(event.personal_fields()) for event in contribution_events.by_type.values()} == {
        "period_recorded": ["detail"],
        "period_corrected": ["detail"],
        "period_withdrawn": ["reason"],
        "contributions_moved": [],
        "contributions_taken_over": ["details", "earlier_details"],
    }


@pytest.mark.sec("PII-06")
def test_the_events_of_a_forgotten_person_still_fold() -> None:
    erased: list[Event] = [
        b.recorded(FULL).model_copy(update={"detail": None}),
        b.withdrawn(FULL, reason="[erased]"),
        b.taken_over({"1" * 32: FULL}).model_copy(update={"details": None, "earlier_details": None}),
    ]
    assert b.fold(*erased).periods["1" * 32].detail is None
