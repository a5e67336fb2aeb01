"""Nobody works on the own record or that of somebody close: who is barred can do nothing, not even lift the bar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.offices import Officer
from records.domain.participant import commands as asked
from records.domain.participant.decide import participant_decider
from records.domain.participant.errors import StaffBarredError, StaffNotBarredError
from records.domain.participant.events import DuplicateTakenOver, StaffBarLifted, StaffBarred
from records.domain.participant.state import Participant

from tests.records import people as p

COLLEAGUE = Officer("officer-b", p.AGENCY, "officer")
OFFICERS = st.sampled_from([p.OFFICER, COLLEAGUE, p.PROVINCIAL])
MOVES = st.tuples(st.booleans(), OFFICERS, OFFICERS)
REGISTERED = participant_decider.fold([p.registered()])


def bar(staff: Officer, *, by: Officer) -> asked.BarStaff:
    return asked.BarStaff(officer=by, staff_id=staff.officer_id, at=p.AT)


def lift(staff: Officer, *, by: Officer) -> asked.LiftStaffBar:
    return asked.LiftStaffBar(officer=by, staff_id=staff.officer_id, at=p.AT)


def after(*commands: asked.ParticipantCommand) -> Participant:
    state = REGISTERED
    for command in commands:
        state = participant_decider.fold(participant_decider.decide(command, state), state)
    return state


def test_a_bar_names_who_is_barred_and_who_said_so() -> None:
    (barred,) = participant_decider.decide(bar(p.OFFICER, by=COLLEAGUE), REGISTERED)
    assert barred == StaffBarred(**p.IDS, staff_id="officer-a", officer_id="officer-b")
    (lifted,) = participant_decider.decide(lift(p.OFFICER, by=COLLEAGUE), after(bar(p.OFFICER, by=COLLEAGUE)))
    assert lifted == StaffBarLifted(**p.IDS, staff_id="officer-a", officer_id="officer-b")


@pytest.mark.parametrize(
    "command",
    [
        asked.ChangeContact(officer=p.OFFICER, contact=p.contact(), at=p.AT),
        asked.CorrectIdentity(officer=p.OFFICER, identity=p.identity(), at=p.AT),
        asked.ChangeManagingAgency(officer=p.OFFICER, agency_code="06602", at=p.AT),
        asked.BeginMerge(officer=p.OFFICER, merge_id="1" * 32, duplicate_id=p.OTHER_PID, at=p.AT),
        asked.ConfirmLink(officer=p.OFFICER, person_id=p.PERSON, at=p.AT),
        lift(p.OFFICER, by=p.OFFICER),
    ],
    ids=lambda command: type(command).__name__,
)
def test_who_is_barred_does_nothing_to_the_record_and_does_not_lift_the_bar(command: asked.OfficerCommand) -> None:
    with pytest.raises(StaffBarredError):
        participant_decider.decide(command, after(bar(p.OFFICER, by=p.OFFICER)))


def test_who_is_not_barred_has_no_bar_to_lift() -> None:
    with pytest.raises(StaffNotBarredError):
        participant_decider.decide(lift(COLLEAGUE, by=p.OFFICER), REGISTERED)


def test_a_merge_brings_the_bars_along() -> None:
    taken = DuplicateTakenOver(
        **p.IDS,
        merge_id="1" * 32,
        duplicate_id=p.OTHER_PID,
        accounts=(),
        held_links=(),
        guardians=(),
        barred_staff=("officer-p",),
    )
    survivor = participant_decider.fold([taken], after(bar(p.OFFICER, by=COLLEAGUE)))
    assert survivor.barred_staff == {"officer-a", "officer-p"}


@given(st.lists(MOVES, max_size=12))
def test_a_bar_is_only_ever_lifted_by_somebody_who_is_not_barred(moves: list[tuple[bool, Officer, Officer]]) -> None:
    state, barred = REGISTERED, set[str]()
    for barring, staff, by in moves:
        command = bar(staff, by=by) if barring else lift(staff, by=by)
        may = by.officer_id not in barred and (barring or staff.officer_id in barred)
        try:
            state = participant_decider.fold(participant_decider.decide(command, state), state)
        except (StaffBarredError, StaffNotBarredError):
            assert not may
            continue
        assert may
        (barred.add if barring else barred.discard)(staff.officer_id)
        assert state.barred_staff == barred
