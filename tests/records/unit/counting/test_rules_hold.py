"""Every figure of a count, against the month-by-month oracle, over any rows; and the lines add up to the total."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.counting.count import Count, count
from records.domain.counting.effect import Effect, LeaveRule, pieces
from records.domain.counting.explanation import LeftOut, Line
from records.domain.counting.rows import Row
from records.domain.counting.span import Span
from records.domain.counting.unemployment import BenefitTaken, unused_months
from records.domain.counting.unpaid import UnpaidPeriod
from records.domain.kind import Kind
from records.domain.month import Month

from tests.records.unit.counting import oracle
from tests.records.unit.counting.rows import kinds, near_months, row, rows

ranges = st.none() | st.tuples(near_months, near_months).map(sorted)


def counted(kind: Kind, given_rows: list[Row], months: list[Month] | None) -> tuple[Count, oracle.Places]:
    span = None if months is None else Span(months[0], months[1])
    places = oracle.expand(kind, given_rows, None if months is None else (months[0], months[1]))
    return count(kind, given_rows, span), places


def numbers(spans: tuple[Span, ...]) -> list[int]:
    return [number for span in spans for number in range(span.first.number, span.last.number + 1)]


@pytest.mark.req("S-36")
@given(kinds, rows, ranges)
def test_the_total_is_what_the_months_come_to_and_what_the_lines_add_up_to(
    kind: Kind, given_rows: list[Row], months: list[Month] | None
) -> None:
    found, places = counted(kind, given_rows, months)

    assert found.total == oracle.total(places)
    assert found.total == sum(line.months for line in found.lines)
    assert found.total == len(numbers(found.counted_spans))


@given(kinds, rows, ranges)
def test_unpaid_and_reserved_months_are_told_apart(
    kind: Kind, given_rows: list[Row], months: list[Month] | None
) -> None:
    found, places = counted(kind, given_rows, months)

    assert found.unpaid_months == oracle.months_with(places, "unpaid")
    assert found.reserved_months == oracle.months_with(places, "reserved")


@pytest.mark.req("V-25")
@given(kinds, rows, ranges)
def test_unpaid_periods_hold_exactly_the_months_each_employer_owes(
    kind: Kind, given_rows: list[Row], months: list[Month] | None
) -> None:
    found, places = counted(kind, given_rows, months)

    owed = [(period.employer_code, number) for period in found.unpaid for number in numbers((period.span,))]
    assert sorted(owed) == sorted(oracle.unpaid_months(places))
    assert not any(_continues(one, other) for one in found.unpaid for other in found.unpaid)


def _continues(one: UnpaidPeriod, other: UnpaidPeriod) -> bool:
    return one.employer_code == other.employer_code and one.span.last.plus(1) == other.span.first


@given(kinds, rows, ranges)
def test_every_month_with_two_employers_is_flagged(
    kind: Kind, given_rows: list[Row], months: list[Month] | None
) -> None:
    found, places = counted(kind, given_rows, months)

    assert set(numbers(tuple(overlap.span for overlap in found.overlaps))) == oracle.overlap_months(places)


@given(kinds, rows, ranges)
def test_every_month_of_every_employer_is_either_in_a_line_or_left_out_with_a_rule(
    kind: Kind, given_rows: list[Row], months: list[Month] | None
) -> None:
    found, places = counted(kind, given_rows, months)
    entries: list[Line | LeftOut] = [*found.lines, *found.left_out]
    told = [
        (entry.employer_code, number)
        for entry in entries
        if entry.employer_code is not None
        for number in numbers(entry.spans)
    ]
    assert sorted(told) == sorted((employer, number) for number, employers in places.items() for employer in employers)


@given(kinds, rows)
def test_gaps_are_the_months_between_rows_that_no_row_covers(kind: Kind, given_rows: list[Row]) -> None:
    found, places = counted(kind, given_rows, None)
    gaps = [number for entry in found.left_out if entry.rule == "gap_not_counted" for number in numbers(entry.spans)]
    every = range(min(places), max(places) + 1) if places else range(0)

    assert gaps == [number for number in every if number not in places]


@given(kinds, rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_figure(kind: Kind, given_rows: list[Row], random: Random) -> None:
    shuffled = list(given_rows)
    random.shuffle(shuffled)
    one, other = count(kind, given_rows), count(kind, shuffled)

    assert (one.lines, one.left_out, one.total) == (other.lines, other.left_out, other.total)
    assert [(u.employer_code, u.span, u.amount) for u in one.unpaid] == [
        (u.employer_code, u.span, u.amount) for u in other.unpaid
    ]
    assert one.overlaps == other.overlaps


@given(kinds, rows)
def test_a_row_that_cannot_be_counted_is_named_and_changes_nothing_else(kind: Kind, given_rows: list[Row]) -> None:
    unsound = [one for one in given_rows if not (one.from_month and one.to_month and one.from_month <= one.to_month)]
    sound = [one for one in given_rows if one not in unsound]
    found = count(kind, given_rows)

    assert [error.period_id for error in found.row_errors] == [one.period_id for one in unsound]
    assert found.lines == count(kind, sound).lines


@given(kinds, rows, st.lists(st.builds(BenefitTaken, near_months, st.integers(0, 12)), max_size=4))
def test_benefits_eat_the_oldest_paid_months(kind: Kind, given_rows: list[Row], taken: list[BenefitTaken]) -> None:
    spans = count(kind, given_rows).counted_spans
    left = unused_months(spans, taken)

    assert left.unused == oracle.unused(numbers(spans), taken)
    assert left.unused == left.paid - sum(use.used for use in left.uses) >= 0


@given(st.lists(near_months, min_size=2, max_size=6, unique=True).map(sorted))
def test_a_row_is_cut_where_a_dated_rule_begins_and_ends(months: list[Month]) -> None:
    rules = [
        LeaveRule("social", "TS", Effect.MATERNITY, Span(first, last))
        for first, last in zip(months[::2], months[1::2], strict=False)
    ]
    whole = row("01/1990-12/2025", movement_code="TS", status="unpaid")
    cut = list(pieces("social", whole, rules))

    assert numbers(tuple(piece.span for piece in cut)) == numbers((Span(Month.of(1990, 1), Month.of(2025, 12)),))
    for piece in cut:
        ruled = any(rule.in_force.first <= piece.span.first <= rule.in_force.last for rule in rules)
        assert piece.effect is (Effect.MATERNITY if ruled else Effect.UNPAID)
