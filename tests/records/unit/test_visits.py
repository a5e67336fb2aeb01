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
from records.domain.visits.decide import visit_decider, visit_outcomes
from records.domain.visits.events import VISIT_EVENTS, KeptVisit
from records.domain.visits.state import Visits
from records.domain.visits.visit import Visit

from tests.records import rows
from tests.records.row_commands import record_visits as record

VISITS = Scenario(visit_decider, EventRegistry.of(VISIT_EVENTS))
FIRST = rows.visit()
CORRECTED = rows.visit(outcome="1")
VISIT_ID = visit_outcomes(RecordVisits(participant_id=rows.PARTICIPANT, rows=[Row(FIRST)], at=rows.NOW), Visits())[
    0
].row_id
RECORDED = happened.VisitRecorded(**rows.COMMON, visit_id=str(VISIT_ID), year=2025, visit=FIRST)


def withdraw(visit_id: str) -> WithdrawVisit:
    return WithdrawVisit(participant_id=rows.PARTICIPANT, visit_id=visit_id, reason="Không có lượt khám", at=rows.NOW)


def verdicts(command: RecordVisits, *history: happened.RecordedVisitEvent) -> list[tuple[str, list[str]]]:
    outcomes = visit_outcomes(command, visit_decider.fold(history))
    return [(outcome.verdict, [broken.rule for broken in outcome.violations]) for outcome in outcomes]


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


def test_what_was_corrected_does_not_come_back_by_an_old_file() -> None:
    corrected = happened.VisitCorrected(
        **rows.COMMON, visit_id=RECORDED.visit_id, year=2025, previous_year=2025, visit=CORRECTED
    )
    assert verdicts(record(FIRST), RECORDED, corrected) == [("refused", ["row_corrected_since"])]
    assert verdicts(record(FIRST, correction=True), RECORDED, corrected) == [("corrected", [])]


def test_a_visit_that_was_corrected_to_another_dossier_stays_withdrawn_for_both_of_its_rows() -> None:
    moved = rows.visit(dossier_id="LK0002")
    corrected = happened.VisitCorrected(
        **rows.COMMON, visit_id=RECORDED.visit_id, year=2025, previous_year=2025, visit=moved
    )
    withdrawn = happened.VisitWithdrawn(**rows.COMMON, visit_id=RECORDED.visit_id, year=2025)
    again = verdicts(record(FIRST, moved), RECORDED, corrected, withdrawn)
    assert again == [("refused", ["row_withdrawn_since"])] * 2


def test_rows_of_one_command_may_record_and_correct_and_each_is_told_as_it_was_in_its_turn() -> None:
    sent = [Row(FIRST), Row(CORRECTED, as_correction=True), Row(FIRST)]
    command = RecordVisits(participant_id=rows.PARTICIPANT, rows=sent, at=rows.NOW)
    expected = [("unchanged", []), ("corrected", []), ("refused", ["row_corrected_since"])]
    assert verdicts(command, RECORDED) == expected


def test_two_versions_that_a_merge_left_are_corrected_by_their_ids() -> None:
    kept = KeptVisit(visit_id="d" * 32, visit=CORRECTED)
    taken = happened.VisitsTakenOver(**rows.COMMON, from_participant=rows.DUPLICATE, years=(2025,), visits=(kept,))
    third = rows.visit(outcome="3")
    assert verdicts(record(third, correction=True), RECORDED, taken) == [("refused", ["row_corrects_several"])]
    assert verdicts(record(third, correction=True, corrects="d" * 32), RECORDED, taken) == [("corrected", [])]


def test_a_correction_of_nothing_known_is_refused() -> None:
    assert verdicts(record(FIRST, correction=True, corrects="0" * 32)) == [("refused", ["unknown_row"])]


def test_a_withdrawn_visit_comes_back_by_a_correction_only() -> None:
    withdrawn = happened.VisitWithdrawn(
        **rows.COMMON, visit_id=RECORDED.visit_id, year=2025, reason="Không có lượt khám"
    )
    VISITS.given(RECORDED).when(withdraw(RECORDED.visit_id)).then(withdrawn)
    VISITS.given(RECORDED, withdrawn).when(withdraw(RECORDED.visit_id)).then()
    VISITS.when(withdraw(RECORDED.visit_id)).then_raises(RowNotFoundError)
    assert verdicts(record(FIRST), RECORDED, withdrawn) == [("refused", ["row_withdrawn_since"])]
    VISITS.given(RECORDED, withdrawn).when(record(FIRST, correction=True)).then(RECORDED)


def test_a_withdrawal_names_the_years_in_which_the_visit_stood_before_it_was_corrected() -> None:
    corrected = happened.VisitCorrected(
        **rows.COMMON,
        visit_id=RECORDED.visit_id,
        year=2024,
        previous_year=2025,
        visit=rows.visit(discharged_at="31/12/2024 10:00"),
    )
    (withdrawn,) = visit_decider.decide(withdraw(RECORDED.visit_id), visit_decider.fold([RECORDED, corrected]))
    assert isinstance(withdrawn, happened.VisitWithdrawn)
    assert (withdrawn.year, withdrawn.earlier_years) == (2024, (2025,))


def test_what_was_moved_is_asked_for_at_the_survivor() -> None:
    moved = happened.VisitsMoved(**rows.COMMON, to=rows.DUPLICATE, years=(2025,))
    move = MoveVisits(participant_id=rows.PARTICIPANT, to=rows.DUPLICATE, at=rows.NOW)
    VISITS.given(RECORDED).when(move).then(moved)
    VISITS.given(RECORDED, moved).when(move).then()
    assert VISITS.given(RECORDED, moved).when(record(FIRST)).then_raises(StreamMovedError).to == rows.DUPLICATE


def test_a_survivor_takes_over_what_it_does_not_have_and_only_once() -> None:
    kept = [KeptVisit(visit_id="c" * 32, visit=FIRST), KeptVisit(visit_id="d" * 32, visit=CORRECTED)]
    take = TakeOverVisits(participant_id=rows.PARTICIPANT, from_participant=rows.DUPLICATE, visits=kept, at=rows.NOW)
    taken = happened.VisitsTakenOver(
        **rows.COMMON, from_participant=rows.DUPLICATE, years=(2025,), visits=(kept[1],), former=()
    )
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
        before, state = state, visit_decider.fold(visit_decider.decide(command, state), state)
        expected = []
        for visit in visits:
            standing = truth.get(visit.dossier_id)
            known = {None: "recorded", visit: "unchanged"}.get(standing, "corrected" if correction else "refused")
            expected.append(known)
            if known != "refused":
                truth[visit.dossier_id] = visit
        assert [outcome.verdict for outcome in visit_outcomes(command, before)] == expected
        assert {visit.dossier_id: visit for visit in state.standing.values()} == truth


def test_a_later_row_of_a_command_corrects_an_earlier_one() -> None:
    command = record(FIRST, CORRECTED, correction=True)
    events = visit_decider.decide(command, Visits())
    assert [event.event_type for event in events] == ["visit_recorded", "visit_corrected"]
    outcomes = visit_outcomes(command, Visits())
    assert [outcome.verdict for outcome in outcomes] == ["recorded", "corrected"]


def test_moments_do_not_move_when_they_are_stored() -> None:
    assert FIRST.admitted_at.utcoffset() == timedelta(hours=7)
    assert Visit.model_validate_json(FIRST.model_dump_json()).admitted_at == FIRST.admitted_at


@pytest.mark.parametrize("event", VISIT_EVENTS, ids=lambda event: event.event_type)
def test_no_clear_field_holds_what_a_visit_says(event: type[happened.VisitEvent]) -> None:
    clear = set(event.model_fields) - event.personal_fields()
    assert clear <= {
        *("participant_id", "occurred_at", "visit_id", "year", "previous_year", "earlier_years"),
        *("years", "to", "from_participant", "also_from"),
    }
