"""Which months a notice names: those the counting rules call unpaid, and of them none less than 30 days late."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.contributions.period import Period, PeriodDetail
from records.domain.counting.count import count
from records.domain.kind import KINDS, Kind
from records.domain.month import Month
from records.domain.notices.events import NoticeLine
from records.domain.notices.late import late_lines
from records.domain.notices.schedule import NoticeSchedule

TENTH = date(2026, 11, 10)
schedules = st.builds(NoticeSchedule, day=st.integers(1, 28), days_late=st.integers(1, 365))
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
Owed = set[tuple[Kind, str, int]]


def detail(value: int = 5_000_000, name: str = "Công ty A", movement_code: str | None = None) -> PeriodDetail:
    return PeriodDetail(employer_name=name, occupation="Kế toán", value=Decimal(value), movement_code=movement_code)


def unpaid(months: str, *, name: str = "Công ty A") -> Period:
    first, last = months.split("/")
    return Period(
        kind="social",
        from_month=Month.from_iso(first),
        to_month=Month.from_iso(last),
        employer_code="TA0001Z",
        status="unpaid",
        detail=detail(name=name),
    )


@st.composite
def periods(draw: st.DrawFn) -> dict[str, Period]:
    """Return periods of the year around the notice that meet, of all kinds and states, some of them in leave."""
    found: dict[str, Period] = {}
    for index in range(draw(st.integers(0, 8))):
        first = Month.of(2026, 1).plus(draw(st.integers(-3, 12)))
        found[f"period-{index}"] = Period(
            kind=draw(st.sampled_from(KINDS)),
            from_month=first,
            to_month=first.plus(draw(st.integers(0, 6))),
            employer_code=draw(st.sampled_from(["TA0001Z", "TB0002Z"])),
            status=draw(st.sampled_from(["paid", "unpaid", "unpaid", "reserved"])),
            detail=detail(draw(st.sampled_from([3, 5_000_000])), movement_code=draw(st.sampled_from([None, "OF"]))),
        )
    return found


def owed_by(lines: tuple[NoticeLine, ...]) -> Owed:
    return {
        (line.kind, line.employer_code, number)
        for line in lines
        for number in range(line.from_month.number, line.to_month.number + 1)
    }


def unpaid_by_the_counting_rules(standing: dict[str, Period]) -> Owed:
    return {
        (kind, owed.employer_code, number)
        for kind in KINDS
        for owed in count(kind, [one.row(name) for name, one in standing.items() if one.kind == kind]).unpaid
        for number in range(owed.span.first.number, owed.span.last.number + 1)
    }


def days_late(month: Month, on: date) -> int:
    return (on - date(month.year, month.month, monthrange(month.year, month.month)[1])).days


@given(days, schedules)
def test_the_last_late_month_is_late_and_the_one_after_it_is_not(on: date, schedule: NoticeSchedule) -> None:
    last = schedule.last_late_month(on)
    assert days_late(last, on) >= schedule.days_late > days_late(last.plus(1), on)


@pytest.mark.req("V-26")
@given(periods(), st.integers(0, 400).map(lambda after: date(2026, 1, 1) + timedelta(days=after)))
def test_a_notice_names_exactly_the_unpaid_months_that_are_thirty_days_late(
    standing: dict[str, Period], on: date
) -> None:
    named = owed_by(late_lines(standing, NoticeSchedule().last_late_month(on)))
    unpaid_months = unpaid_by_the_counting_rules(standing)
    assert named == {owed for owed in unpaid_months if days_late(Month(owed[2]), on) >= 30}


@given(periods())
def test_no_month_is_named_twice_for_one_kind_and_employer(standing: dict[str, Period]) -> None:
    lines = late_lines(standing, Month.of(2026, 9))
    months = sum(line.to_month.number - line.from_month.number + 1 for line in lines)
    assert months == len(owed_by(lines))


def test_on_the_tenth_of_november_september_is_late_and_october_is_not() -> None:
    (line,) = late_lines({"p": unpaid("2026-08/2026-10")}, NoticeSchedule().last_late_month(TENTH))
    assert (line.from_month, line.to_month) == (Month.of(2026, 8), Month.of(2026, 9))
    assert (line.amount, line.currency) == (Decimal(10_000_000), "VND")


def test_the_employer_is_called_as_in_its_latest_row() -> None:
    standing = {
        "a": unpaid("2026-03/2026-04", name="Tên mới"),
        "b": unpaid("2026-01/2026-02", name="Tên cũ"),
    }
    (line,) = late_lines(standing, Month.of(2026, 9))
    assert (line.employer_name, line.from_month) == ("Tên mới", Month.of(2026, 1))


@given(days, schedules)
def test_notices_are_due_on_their_day_and_judged_by_it_for_the_rest_of_the_month(
    today: date, schedule: NoticeSchedule
) -> None:
    due = schedule.due_on(today)
    assert (due is None) == (today.day < schedule.day)
    assert due is None or (due.year, due.month, due.day) == (today.year, today.month, schedule.day)
