"""Rows that come in, again and again and from several feeders: one truth, and an answer for each row."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.bulk.rules import CONTRADICTS
from records.domain.contributions.book import Book, RowOutcome
from records.domain.contributions.commands import ContributionCommand, FedRow, RecordPeriods
from records.domain.contributions.decide import contributions_decider
from records.domain.contributions.errors import (
    KindFixedError,
    PeriodContradictsError,
    PeriodNotFoundError,
)
from records.domain.contributions.events import PeriodCorrected, PeriodRecorded
from records.domain.contributions.outcomes import outcomes_of
from records.domain.contributions.period import Period
from records.domain.contributions.rules import CORRECTED_SINCE, CORRECTS_SEVERAL, WITHDRAWN_SINCE
from records.domain.contributions.state import Contributions, Event
from records.domain.feeding.errors import StreamMovedError

from tests.records.unit.contributions import builders as b
from tests.records.unit.contributions.builders import period, row, scenario

FIRST = period()
RAISED = period(value=6_000_000)
ELSEWHERE = period("01/2021-02/2021")


def fed(*rows: FedRow | Period, after: Sequence[Event] = ()) -> list[RowOutcome]:
    command, before = b.record(*rows), contributions_decider.fold(after)
    events = contributions_decider.decide(command, before)
    return list(outcomes_of(command, events, before))


def test_a_row_that_is_new_is_recorded() -> None:
    scenario.given().when(b.record(FIRST)).then(b.recorded(FIRST))


def test_an_identical_row_changes_nothing() -> None:
    scenario.given(b.recorded(FIRST)).when(b.record(FIRST)).then()
    assert fed(FIRST, after=[b.recorded(FIRST)]) == [RowOutcome("unchanged", b.id_of(FIRST))]


def test_a_row_that_contradicts_a_standing_one_is_refused_and_names_it() -> None:
    assert fed(RAISED, after=[b.recorded(FIRST)]) == [
        RowOutcome("refused", rule=CONTRADICTS, against=(b.id_of(FIRST),))
    ]


def test_one_month_in_common_is_a_contradiction_and_none_is_not() -> None:
    assert [each.verdict for each in fed(period("12/2020-01/2021"), after=[b.recorded(FIRST)])] == ["refused"]
    assert [each.verdict for each in fed(ELSEWHERE, after=[b.recorded(FIRST)])] == ["recorded"]


def test_another_employer_or_kind_contradicts_nothing() -> None:
    other_kind = period(kind="unemployment", value=6_000_000)
    assert [each.verdict for each in fed(period(employer_code=b.B), other_kind, after=[b.recorded(FIRST)])] == [
        "recorded",
        "recorded",
    ]


def test_a_refused_row_does_not_hide_the_others() -> None:
    scenario.given(b.recorded(FIRST)).when(b.record(RAISED, ELSEWHERE)).then(b.recorded(ELSEWHERE))
    assert [each.verdict for each in fed(RAISED, ELSEWHERE, FIRST, after=[b.recorded(FIRST)])] == [
        "refused",
        "recorded",
        "unchanged",
    ]


def test_rows_of_one_command_see_each_other() -> None:
    assert [each.verdict for each in fed(FIRST, FIRST, RAISED)] == ["recorded", "unchanged", "refused"]


def test_sent_as_a_correction_the_row_takes_the_place_of_what_it_contradicts() -> None:
    scenario.given(b.recorded(FIRST)).when(b.record(row(RAISED, as_correction=True))).then(
        b.corrected(RAISED, first=FIRST)
    )


def test_a_correction_of_several_periods_at_once_is_refused() -> None:
    second = period("01/2021-12/2021")
    both = period("06/2020-06/2021", value=7_000_000)
    assert fed(row(both, as_correction=True), after=[b.recorded(FIRST), b.recorded(second)]) == [
        RowOutcome("refused", rule=CORRECTS_SEVERAL, against=tuple(sorted((b.id_of(FIRST), b.id_of(second)))))
    ]


def test_an_old_file_does_not_undo_a_correction() -> None:
    since: list[Event] = [b.recorded(FIRST), b.corrected(ELSEWHERE, first=FIRST)]

    assert fed(FIRST, after=since) == [RowOutcome("refused", rule=CORRECTED_SINCE, against=(b.id_of(FIRST),))]
    assert fed(row(FIRST, as_correction=True), after=since) == [RowOutcome("corrected", b.id_of(FIRST))]
    assert fed(ELSEWHERE, after=since) == [RowOutcome("unchanged", b.id_of(FIRST))]


def test_a_corrected_value_is_known_as_old_even_where_the_months_are_the_same() -> None:
    since: list[Event] = [b.recorded(FIRST), b.corrected(RAISED, first=FIRST)]

    assert fed(FIRST, after=since) == [RowOutcome("refused", rule=CORRECTED_SINCE, against=(b.id_of(FIRST),))]


def test_what_was_corrected_and_then_withdrawn_does_not_come_back_either() -> None:
    since: list[Event] = [b.recorded(FIRST), b.corrected(ELSEWHERE, first=FIRST), b.withdrawn(FIRST)]

    assert fed(ELSEWHERE, after=since) == [RowOutcome("refused", rule=WITHDRAWN_SINCE, against=(b.id_of(FIRST),))]


def test_a_row_that_was_as_it_stood_is_unchanged_though_a_later_row_corrects_it() -> None:
    rows = (FIRST, row(RAISED, as_correction=True), FIRST)

    told = fed(*rows, after=[b.recorded(FIRST)])

    assert [each.verdict for each in told] == ["unchanged", "corrected", "refused"]
    assert told[2].rule == CORRECTED_SINCE


def test_an_old_file_does_not_bring_back_what_was_withdrawn() -> None:
    since: list[Event] = [b.recorded(FIRST), b.withdrawn(FIRST)]

    assert fed(FIRST, after=since) == [RowOutcome("refused", rule=WITHDRAWN_SINCE, against=(b.id_of(FIRST),))]
    assert fed(row(FIRST, as_correction=True), after=since) == [RowOutcome("recorded", b.id_of(FIRST))]


def test_an_officer_corrects_a_period_by_its_id() -> None:
    scenario.given(b.recorded(FIRST)).when(b.correct(b.id_of(FIRST), ELSEWHERE)).then(
        b.corrected(ELSEWHERE, first=FIRST)
    )
    scenario.given(b.recorded(FIRST)).when(b.correct(b.id_of(FIRST), FIRST)).then()


def test_a_correction_may_not_contradict_another_period() -> None:
    error = (
        scenario.given(b.recorded(FIRST), b.recorded(ELSEWHERE))
        .when(b.correct(b.id_of(FIRST), period("01/2020-01/2021")))
        .then_raises(PeriodContradictsError)
    )
    assert error.period_ids == [b.id_of(ELSEWHERE)]


def test_a_correction_keeps_the_kind_and_needs_a_standing_period() -> None:
    given_first = scenario.given(b.recorded(FIRST))
    given_first.when(b.correct(b.id_of(FIRST), period(kind="health"))).then_raises(KindFixedError)
    given_first.when(b.correct(b.id_of(ELSEWHERE), ELSEWHERE)).then_raises(PeriodNotFoundError)


def test_a_period_is_withdrawn_once_and_gone_for_corrections() -> None:
    scenario.given(b.recorded(FIRST)).when(b.withdraw(b.id_of(FIRST))).then(b.withdrawn(FIRST))
    gone = scenario.given(b.recorded(FIRST), b.withdrawn(FIRST))
    gone.when(b.withdraw(b.id_of(FIRST))).then()
    gone.when(b.correct(b.id_of(FIRST), RAISED)).then_raises(PeriodNotFoundError)


def test_after_a_merge_everything_is_asked_of_the_survivor() -> None:
    closed = scenario.given(b.recorded(FIRST), b.moved())
    commands: list[ContributionCommand] = [
        b.record(FIRST),
        b.correct(b.id_of(FIRST), RAISED),
        b.withdraw(b.id_of(FIRST)),
    ]
    for command in commands:
        assert closed.when(command).then_raises(StreamMovedError).to == b.BINH
    closed.when(b.move()).then()


def test_a_survivor_takes_over_what_it_does_not_have_and_takes_it_once() -> None:
    have, new = period(employer_code=b.B), FIRST
    take_over = b.take_over({"1" * 32: have, "2" * 32: new})
    scenario.given(b.recorded(have)).when(take_over).then(b.taken_over({"2" * 32: new}))
    scenario.given(b.taken_over({"2" * 32: new})).when(take_over).then()
    assert [each.period_id for each in fed(new, after=[b.taken_over({"2" * 32: new})])] == ["2" * 32]


periods = st.builds(
    lambda first, length, employer, kind, value, status: Period(
        kind=kind,
        from_month=FIRST.from_month.plus(first),
        to_month=FIRST.from_month.plus(first + length),
        employer_code=employer,
        status=status,
        detail=b.detail(value=value),
    ),
    st.integers(0, 8),
    st.integers(0, 4),
    st.sampled_from([b.A, b.B]),
    st.sampled_from(["social", "health"]),
    st.sampled_from([1, 2]),
    st.sampled_from(["paid", "unpaid"]),
)
batches = st.lists(st.lists(st.builds(FedRow, periods, st.booleans()), max_size=6), max_size=6)


def run(*commands: RecordPeriods) -> Contributions:
    state = Contributions()
    for command in commands:
        state = contributions_decider.fold(contributions_decider.decide(command, state), state)
    return state


@given(batches)
def test_no_month_has_two_truths_of_one_employer(fed_batches: list[list[FedRow]]) -> None:
    standing = list(run(*(b.record(*rows) for rows in fed_batches)).periods.items())

    for one_id, one in standing:
        for other_id, other in standing:
            same_place = (one.kind, one.employer_code) == (other.kind, other.employer_code)
            assert one_id == other_id or not (same_place and one.meets(other))


@given(batches, st.lists(st.builds(FedRow, periods, st.just(value=False)), max_size=6))
def test_the_same_rows_twice_change_nothing(fed_batches: list[list[FedRow]], rows: list[FedRow]) -> None:
    once = run(*(b.record(*each) for each in fed_batches), b.record(*rows))

    assert contributions_decider.decide(b.record(*rows), once) == []


@given(batches, st.lists(st.integers(0, 30), max_size=4))
def test_whatever_was_once_recorded_does_not_come_back_by_an_old_file(
    fed_batches: list[list[FedRow]], withdrawn: list[int]
) -> None:
    state, ever = Contributions(), list[Period]()
    for rows in fed_batches:
        events = contributions_decider.decide(b.record(*rows), state)
        ever += [event.period for event in events if isinstance(event, PeriodRecorded | PeriodCorrected)]
        state = contributions_decider.fold(events, state)
    for place in withdrawn:
        for period_id in sorted(state.periods)[place : place + 1]:
            state = contributions_decider.fold(contributions_decider.decide(b.withdraw(period_id), state), state)

    assert contributions_decider.decide(b.record(*ever), state) == []


@given(batches, st.lists(st.builds(FedRow, periods, st.booleans()), max_size=6))
def test_each_row_that_is_taken_in_is_one_event_and_the_others_are_none(
    fed_batches: list[list[FedRow]], rows: list[FedRow]
) -> None:
    before = run(*(b.record(*each) for each in fed_batches))
    events = contributions_decider.decide(b.record(*rows), before)
    told = outcomes_of(b.record(*rows), events, before)

    assert list(told) == Book(b.ANNA, before).take_all(rows)
    assert [(each.verdict, each.period_id) for each in told if each.verdict in ("recorded", "corrected")] == [
        (event.event_type.removeprefix("period_"), getattr(event, "period_id", None)) for event in events
    ]


@given(batches, st.lists(st.builds(FedRow, periods, st.just(value=False)), max_size=6))
def test_without_the_refused_rows_the_outcome_is_the_same(fed_batches: list[list[FedRow]], rows: list[FedRow]) -> None:
    before = run(*(b.record(*each) for each in fed_batches))
    taken = [
        each
        for each, outcome in zip(rows, Book(b.ANNA, before).take_all(rows), strict=True)
        if outcome.verdict != "refused"
    ]

    assert contributions_decider.decide(b.record(*taken), before) == contributions_decider.decide(
        b.record(*rows), before
    )


@pytest.mark.parametrize("change", [{"kind": "health"}, {"employer_code": b.B}, {"occupation": "Lái xe"}])
def test_a_period_keeps_its_id_as_long_as_its_natural_key(change: dict[str, str]) -> None:
    assert b.id_of(FIRST) == b.id_of(RAISED) != b.id_of(FIRST, of=b.BINH)
    assert b.id_of(period(**change)) != b.id_of(FIRST)  # type: ignore[arg-type]
