from pathlib import Path

import pytest
from devtools.errors import ToldError
from devtools.requirements.marks import Mark, find_marks
from devtools.requirements.statements import Statement, read_statements, security_complaints
from devtools.system.layout import ROOT

PROVEN = {"SES-04": Statement("SES-04", ("system/test_rule.py",))}
MARKED = {"SES-04": [Mark("SES-04", "tests/system/test_rule.py:7")]}


def _write(root: Path, *rows: str) -> None:
    (root / "docs").mkdir()
    (root / "docs" / "security.md").write_text("\n".join(["# Security", *rows]), encoding="utf-8")


def test_rows_are_read_with_the_tests_they_name(tmp_path: Path) -> None:
    _write(
        tmp_path, "| SES-04 | The rule. | one document | `system/test_rule.py`, `a/b.py` |", "| I6 | One. | x | open |"
    )
    found = read_statements(tmp_path)
    assert found["SES-04"].files == ("system/test_rule.py", "a/b.py")
    assert found["I6"].files == ()


@pytest.mark.parametrize("row", ["| SES-04 | The rule. | one document |  soon |", "| I6 | One. | x | tests |"])
def test_a_row_names_a_test_or_says_that_it_is_open(tmp_path: Path, row: str) -> None:
    _write(tmp_path, row)
    with pytest.raises(ToldError, match="names no test"):
        read_statements(tmp_path)


def test_an_id_has_one_row(tmp_path: Path) -> None:
    _write(tmp_path, *["| I6 | One. | x | open |"] * 2)
    with pytest.raises(ToldError, match="two rows"):
        read_statements(tmp_path)


def test_what_fits_is_no_complaint() -> None:
    assert security_complaints(PROVEN, MARKED) == []


def test_a_mark_without_a_row_is_a_complaint() -> None:
    assert security_complaints({}, MARKED) == ["tests/system/test_rule.py:7: SES-04 has no row in docs/security.md"]


def test_a_row_whose_test_is_gone_is_a_complaint() -> None:
    (complaint,) = security_complaints(PROVEN, {})
    assert "names system/test_rule.py, where no test is marked with it" in complaint


def test_a_row_that_is_not_open_any_more_is_a_complaint() -> None:
    (complaint,) = security_complaints({"SES-04": Statement("SES-04", ())}, MARKED)
    assert "is called open" in complaint


def test_the_real_table_fits_the_tests() -> None:
    assert security_complaints(read_statements(ROOT), find_marks(ROOT, "sec")) == []
