"""What may happen to visits: recorded once, corrected, withdrawn, handed over."""

from datetime import timedelta

import pytest
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from hypothesis import given
from hypothesis import strategies as st
from records.domain.feeding.errors import RowNotFoundError, StreamMovedError
from records.domain.feeding.ledger import Row
from records.domain.visits import events as happened
from records.domain.visits.commands import MoveVisits, RecordVisits, TakeOverVisits, WithdrawVisit
from records.domain.visits.decide import Visits, judge_visits, visit_decider, visit_outcomes
from records.domain.visits.events import VISIT_EVENTS, KeptVisit
from records.domain.visits.visit import Visit

from tests.records import rows

VISITS = Scenario(visit_decider, EventRegistry.of(VISIT_EVENTS))
FIRST = rows.visit()
CORRECTED = rows.visit(outcome="1")
VISIT_ID = judge_visits(
    RecordVisits(participant_id=rows.PARTICIPANT, rows=[Row(FIRST)], correction=False, at=rows.NOW), Visits()
)[0].outcome.row_id
RECORDED = happened.VisitRecorded(**rows.COMMON, visit_id=str(VISIT_ID), year=2025, visit=FIRST)


def record(*visits: Visit, correction: bool = False, corrects: str | None = None) -> RecordVisits:
    command_rows = [Row(visit, corrects) for visit in visits]
    return RecordVisits(participant_id=rows.PARTICIPANT, rows=command_rows, correction=correction, at=rows.NOW)


def withdraw(visit_id: str) -> WithdrawVisit:
    return WithdrawVisit(participant_id=rows.PARTICIPANT, visit_id=visit_id, reason="Không có lượt khám", at=rows.NOW)


def verdicts(command: RecordVisits, *history: happened.RecordedVisitEvent) -> list[tuple[str, list[str]]]:
    state = visit_decider.fold(history)
    judged = judge_visits(command, state)
    return [(each.outcome.verdict, [broken.rule for broken in each.outcome.violations]) for each in judged]


def test_a_visit_is_recorded_under_an_id_of_its_own() -> None:
    VISITS.when(record(FIRST)).then(RECORDED)


def test_the_same_row_again_changes_nothing_even_within_a_command() -> None:
    VISITS.given(RECORDED).when(record(FIRST)).then()
    VISITS.when(record(FIRST, FIRST)).then(RECORDED)


def test_other_content_is_refused_unless_it_is_a_correction() -> None:
    assert verdicts(record(CORRECTED), RECORDED) == [("refused", ["contradicts_standing"])]
    VISITS.given(RECORDED).when(record(CORRECTED)).then()
    corrected = happened.VisitCorrected(
        **rows.COMMON, visit_id=RECORDED.visit_id, year=2025, previous_year=2025, visit=CORRECTED
    )
    VISITS.given(RECORDED).when(record(CORRECTED, correction=True)).then(corrected)


def test_a_correction_may_name_the_visit_and_change_what_it_is_known_by() -> None:
    moved = rows.visit(dossier_id="LK0002")
    command = record(moved, correction=True, corrects=RECORDED.visit_id)
    (event,) = visit_decider.decide(command, visit_decider.fold([RECORDED]))
    assert isinstance(event, happened.VisitCorrected)
    assert event.visit_id == RECORDED.visit_id
    assert verdicts(record(FIRST), RECORDED, event) == [("refused", ["row_corrected_since"])]
    assert verdicts(record(moved), RECORDED, event) == [("unchanged", [])]


def test_a_correction_of_nothing_known_is_refused() -> None:
    assert verdicts(record(FIRST, correction=True, corrects="0" * 32)) == [("refused", ["unknown_row"])]


def test_a_withdrawn_visit_comes_back_by_a_correction_only() -> None:
    withdrawn = happened.VisitWithdrawn(
        **rows.COMMON, visit_id=RECORDED.visit_id, year=2025, reason="Không có lượt khám"
    )
    VISITS.given(RECORDED).when(withdraw(RECORDED.visit_id)).then(withdrawn)
    VISITS.given(RECORDED, withdrawn).when(withdraw(RECORDED.visit_id)).then_raises(RowNotFoundError)
    assert verdicts(record(FIRST), RECORDED, withdrawn) == [("refused", ["row_withdrawn_since"])]
    VISITS.given(RECORDED, withdrawn).when(record(FIRST, correction=True)).then(RECORDED)


def test_what_was_moved_is_asked_for_at_the_survivor() -> None:
    moved = happened.VisitsMoved(**rows.COMMON, to=rows.DUPLICATE, years=(2025,))
    move = MoveVisits(participant_id=rows.PARTICIPANT, to=rows.DUPLICATE, at=rows.NOW)
    VISITS.given(RECORDED).when(move).then(moved)
    VISITS.given(RECORDED, moved).when(move).then()
    assert VISITS.given(RECORDED, moved).when(record(FIRST)).then_raises(StreamMovedError).to == rows.DUPLICATE


def test_a_survivor_takes_over_what_it_does_not_have_and_only_once() -> None:
    kept = [KeptVisit(visit_id="c" * 32, visit=FIRST), KeptVisit(visit_id="d" * 32, visit=CORRECTED)]
    take = TakeOverVisits(participant_id=rows.PARTICIPANT, from_participant=rows.DUPLICATE, visits=kept, at=rows.NOW)
    taken = happened.VisitsTakenOver(**rows.COMMON, from_participant=rows.DUPLICATE, years=(2025,), visits=(kept[1],))
    VISITS.given(RECORDED).when(take).then(taken)
    VISITS.given(RECORDED, taken).when(take).then()
    assert verdicts(record(CORRECTED), RECORDED, taken) == [("unchanged", [])]


def test_of_a_forgotten_person_nothing_stands() -> None:
    erased = RECORDED.model_copy(update={"visit": None})
    assert visit_decider.fold([RECORDED, erased]).standing == {}


VISIT_OF = st.builds(
    lambda number, outcome: rows.visit(dossier_id=f"LK{number}", outcome=str(outcome)),
    st.integers(1, 4),
    st.integers(1, 3),
)


@given(st.lists(st.tuples(st.lists(VISIT_OF, max_size=4), st.booleans()), max_size=6))
def test_feeding_keeps_one_truth_per_visit_and_tells_exactly_what_it_recorded(
    commands: list[tuple[list[Visit], bool]],
) -> None:
    state, truth = Visits(), dict[str, Visit]()
    for visits, correction in commands:
        command = record(*visits, correction=correction)
        events = visit_decider.decide(command, state)
        state = visit_decider.fold(events, state)
        expected = []
        for visit in visits:
            before = truth.get(visit.dossier_id)
            known = {None: "recorded", visit: "unchanged"}.get(before, "corrected" if correction else "refused")
            expected.append(known)
            if known != "refused":
                truth[visit.dossier_id] = visit
        assert [outcome.verdict for outcome in visit_outcomes(command, events, state)] == expected
        assert {visit.dossier_id: visit for visit in state.standing.values()} == truth


def test_a_later_row_of_a_command_corrects_an_earlier_one() -> None:
    command = record(FIRST, CORRECTED, correction=True)
    events = visit_decider.decide(command, Visits())
    assert [event.event_type for event in events] == ["visit_recorded", "visit_corrected"]
    outcomes = visit_outcomes(command, events, visit_decider.fold(events))
    assert [outcome.verdict for outcome in outcomes] == ["recorded", "corrected"]


def test_moments_do_not_move_when_they_are_stored() -> None:
    assert FIRST.admitted_at.utcoffset() == timedelta(hours=7)
    assert Visit.model_validate_json(FIRST.model_dump_json()).admitted_at == FIRST.admitted_at


@pytest.mark.parametrize("event", VISIT_EVENTS, ids=lambda event: event.event_type)
def test_no_clear_field_holds_what_a_visit_says(event: type[happened.VisitEvent]) -> None:
    clear = set(event.model_fields) - event.personal_fields()
    assert clear <= {
        *("participant_id", "occurred_at", "visit_id", "year", "previous_year"),
        *("years", "to", "from_participant"),
    }
