"""When an answer is due, and how dossiers are numbered."""

from datetime import UTC, date, datetime

import pytest
from ansinh_kit.working_days import WorkingDays
from registration.domain.deadline import DeadlineRule, OfficeCalendar
from registration.domain.dossier_number import DossierNumbersExhaustedError, dossier_number, dossier_year

CALENDAR = OfficeCalendar(
    rules=[DeadlineRule(date(2025, 7, 1), 3), DeadlineRule(date(2017, 3, 1), 5)],
    working_days=WorkingDays(frozenset({date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)})),
)


@pytest.mark.req("V-19")
def test_an_answer_is_due_at_the_close_of_the_third_working_day() -> None:
    monday = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    assert CALENDAR.due_after(monday) == datetime(2026, 3, 5, 10, 0, tzinfo=UTC)


def test_weekends_and_holidays_do_not_count() -> None:
    tuesday = datetime(2026, 4, 28, 2, 0, tzinfo=UTC)
    assert CALENDAR.due_after(tuesday) == datetime(2026, 5, 5, 10, 0, tzinfo=UTC)


def test_the_day_of_receipt_is_the_day_in_viet_nam() -> None:
    late_on_sunday_in_utc = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
    assert CALENDAR.due_after(late_on_sunday_in_utc) == datetime(2026, 3, 5, 10, 0, tzinfo=UTC)


def test_the_rule_of_the_day_of_receipt_counts() -> None:
    monday = datetime(2025, 6, 23, 2, 0, tzinfo=UTC)
    assert CALENDAR.due_after(monday) == datetime(2025, 6, 30, 10, 0, tzinfo=UTC)
    with pytest.raises(LookupError):
        CALENDAR.due_after(datetime(2016, 6, 23, tzinfo=UTC))


def test_a_dossier_number_has_sequence_year_and_agency() -> None:
    assert dossier_number(18, year=2026, agency_code="06601") == "00018/2026/06601"
    assert dossier_number(18, year=2026, agency_code="066") == "00018/2026/06600"
    with pytest.raises(DossierNumbersExhaustedError):
        dossier_number(100_000, year=2026, agency_code="066")


def test_the_year_of_a_dossier_is_the_year_in_viet_nam() -> None:
    assert dossier_year(datetime(2025, 12, 31, 17, 0, tzinfo=UTC)) == 2026
