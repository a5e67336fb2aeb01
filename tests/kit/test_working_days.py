from datetime import UTC, date, datetime, timedelta

from ansinh_kit.working_days import PUBLIC_HOLIDAYS, VIETNAM, WorkingDays
from hypothesis import given
from hypothesis import strategies as st

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001  # the strategy adds UTC
OFFICES = WorkingDays()


def days_between(moment: datetime, closing: datetime) -> list[date]:
    first = moment.astimezone(VIETNAM).date() + timedelta(days=1)
    last = closing.astimezone(VIETNAM).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@given(MOMENTS, st.integers(1, 30))
def test_as_many_working_days_lie_between_as_were_asked_for(moment: datetime, days: int) -> None:
    closing = OFFICES.closing_after(moment, days)
    passed = days_between(moment, closing)
    assert len([day for day in passed if day.weekday() < 5 and day not in PUBLIC_HOLIDAYS]) == days
    assert OFFICES.is_working_day(passed[-1])
    assert closing.astimezone(VIETNAM).hour == 17


@given(MOMENTS, st.integers(1, 29))
def test_more_days_end_later(moment: datetime, days: int) -> None:
    assert OFFICES.closing_after(moment, days) < OFFICES.closing_after(moment, days + 1)


def test_the_new_year_holidays_are_passed_over() -> None:
    friday_before_tet = datetime(2026, 2, 13, 3, 0, tzinfo=UTC)
    assert OFFICES.closing_after(friday_before_tet, 1) == datetime(2026, 2, 23, 10, 0, tzinfo=UTC)
