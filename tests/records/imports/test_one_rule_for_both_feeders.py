"""The same row on the same day, typed by an officer or read from a file: one period, or the same rules broken."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from records.domain.contributions.entries import PeriodEntries, Possible, check_period
from records.domain.contributions.period import Period
from records.domain.feeding.values import VIET_NAM
from records.domain.month import Month
from records.domain.rules import Checks
from records.handlers.importing.chunks import ReadRow
from records.handlers.importing.contributions import ContributionFiles
from records.handlers.importing.people import Insured

BORN: Final = date(2001, 3, 17)
# The last hour of a month in Viet Nam, which is a day of the month before in UTC, and the first of the next.
NOWS: Final = (
    datetime(2026, 3, 31, 23, 30, tzinfo=VIET_NAM),
    datetime(2026, 4, 1, 0, 30, tzinfo=VIET_NAM),
)
MONTHS: Final = st.one_of(
    st.integers(-2, 2).map(lambda away: Month(Month.of(2001, 3).number + away)),
    st.integers(-2, 2).map(lambda away: Month(Month.of(2026, 3).number + away)),
)
SAID: Final = {"employer_code": "TA0001Z", "employer_name": "Công ty Thử Nghiệm", "occupation": "Kế toán"}


def typed(first: Month, last: Month, *, now: datetime) -> Period | set[tuple[str, str]]:
    checks = Checks()
    entries = PeriodEntries.model_validate(
        SAID | {"kind": "social", "from_month": first.iso, "to_month": last.iso, "value": "5000000"}
    )
    period = check_period(entries, checks, Possible(Month.containing(BORN), Month.containing(now.date())))
    return period or {(violation.field, violation.rule) for violation in checks.violations}


def filed(first: Month, last: Month, *, now: datetime) -> Period | set[tuple[str, str]]:
    cells: Mapping[str, Any] = SAID | {
        "kind": "social",
        "from_month": first,
        "to_month": last,
        "value": Decimal(5_000_000),
    }
    row = ReadRow(2, defaultdict(lambda: None, cells))
    taken = ContributionFiles().check(row, Insured("a" * 32, "06601", BORN), now=now)
    return {(each.column or "", each.rule.name) for each in taken} if isinstance(taken, list) else taken.period


@given(first=MONTHS, last=MONTHS, now=st.sampled_from(NOWS))
def test_a_row_is_the_same_period_or_breaks_the_same_rules_whoever_feeds_it(
    first: Month, last: Month, now: datetime
) -> None:
    assert typed(first, last, now=now) == filed(first, last, now=now)
