from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from records.domain.month import FIRST_MONTH, LAST_MONTH, Month, NotAMonthError

months = st.integers(FIRST_MONTH.number, LAST_MONTH.number).map(Month)


class Stamped(BaseModel):
    month: Month


@given(months)
def test_a_month_reads_as_it_was_written(month: Month) -> None:
    assert Month.parse(month.label) == month
    assert Month.from_iso(month.iso) == month
    assert Month.of(month.year, month.month) == month
    assert Stamped.model_validate_json(Stamped(month=month).model_dump_json()).month == month


@given(months, months)
def test_months_are_ordered_as_in_time_and_so_are_their_iso_texts(one: Month, other: Month) -> None:
    assert (one < other) == ((one.year, one.month) < (other.year, other.month)) == (one.iso < other.iso)


def test_people_read_and_write_month_slash_year() -> None:
    assert Month.parse("03/2021") == Month.of(2021, 3)
    assert str(Month.of(2021, 3)) == "03/2021"
    assert Month.containing(date(2021, 3, 31)).label == "03/2021"


def test_json_holds_year_dash_month() -> None:
    assert Stamped(month=Month.of(2021, 3)).model_dump(mode="json") == {"month": "2021-03"}


@pytest.mark.parametrize(
    "text", ["", "3/2021", "13/2021", "00/2021", "03-2021", "03/21", "03/2021 ", "٠٣/2021", "03/1899", "03/2200"]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(NotAMonthError):
        Month.parse(text)


@pytest.mark.parametrize("text", ["2021-13", "2021-3", "03/2021", "2021-03-01", ""])
def test_json_takes_no_other_form(text: str) -> None:
    with pytest.raises(ValidationError):
        Stamped.model_validate_json(f'{{"month": "{text}"}}')


def test_a_month_after_december_is_january() -> None:
    assert Month.of(2020, 12).plus(1) == Month.of(2021, 1)
    assert Month.of(2021, 1).plus(-13) == Month.of(2019, 12)
