"""Rows for counting tests: dull by default, or drawn by hypothesis from few months so that they meet."""

from decimal import Decimal

from hypothesis import strategies as st
from records.domain.counting.rows import Row, Status
from records.domain.kind import KINDS, Kind
from records.domain.month import Month


def row(
    months: str,
    employer_code: str = "TA0001Z",
    *,
    status: Status = "paid",
    movement_code: str | None = None,
    value: int | None = 5_000_000,
) -> Row:
    """Return a row of `months` written `01/2019-12/2020`."""
    first, last = months.split("-")
    return Row(
        period_id=f"{employer_code} {months}",
        employer_code=employer_code,
        from_month=Month.parse(first),
        to_month=Month.parse(last),
        status=status,
        movement_code=movement_code,
        value=None if value is None else Decimal(value),
    )


# Two years on either side of each month at which a leave rule begins.
near_months = (
    st.integers(-24, 24).map(Month.of(1995, 1).plus)
    | st.integers(-24, 24).map(Month.of(2009, 1).plus)
    | st.integers(0, 40).map(Month.of(2018, 6).plus)
)
rows = st.lists(
    st.builds(
        Row,
        period_id=st.uuids().map(str),
        employer_code=st.sampled_from(["TA0001Z", "TB0002Z", "TC0003Z"]),
        from_month=near_months | st.none(),
        to_month=near_months | st.none(),
        status=st.sampled_from(["paid", "unpaid", "reserved"]),
        movement_code=st.sampled_from([None, "TM", "TS", "OF", "KL"]),
        value=st.none() | st.integers(1, 100_000_000).map(Decimal),
    ),
    max_size=10,
)
kinds: st.SearchStrategy[Kind] = st.sampled_from(KINDS)
