"""The table of `docs/security.md`: statement, control, test. It says what is proven, so tests are held against it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from devtools.errors import ToldError
from devtools.requirements.marks import Mark

SECURITY_FILE: Final = Path("docs") / "security.md"
OPEN: Final = "open"
_ROW: Final = re.compile(r"\| (?P<id>[A-Z]+-?\d{1,2}) \|[^|]+\|[^|]+\| (?P<tests>[^|]+) \|")
_FILE: Final = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Statement:
    """One row: the test files it names, below `tests/`; none if it says that a test is still open."""

    id: str
    files: tuple[str, ...]


def read_statements(root: Path) -> dict[str, Statement]:
    """Return the rows by id.

    Raises:
        ToldError: An id has two rows, or a row names neither a test nor that it is open.
    """
    found: dict[str, Statement] = {}
    for line in (root / SECURITY_FILE).read_text(encoding="utf-8").splitlines():
        row = _ROW.fullmatch(line)
        if row is None:
            continue
        if row["id"] in found:
            raise ToldError(f"{SECURITY_FILE}: {row['id']} has two rows")
        files = tuple(_FILE.findall(row["tests"]))
        if not files and row["tests"] != OPEN:
            raise ToldError(f"{SECURITY_FILE}: {row['id']} names no test and does not say `{OPEN}`")
        found[row["id"]] = Statement(row["id"], files)
    return found


def security_complaints(statements: Mapping[str, Statement], marks: Mapping[str, list[Mark]]) -> list[str]:
    """Return what does not fit: marks without a row, rows whose files carry no such mark, rows open in vain."""
    unlisted = [f"{marks[name][0].place}: {name} has no row in {SECURITY_FILE}" for name in marks.keys() - statements]
    unproven = [
        f"{SECURITY_FILE}: {one.id} names {file}, where no test is marked with it"
        for one in statements.values()
        for file in one.files
        if not any(mark.place.startswith(f"tests/{file}:") for mark in marks.get(one.id, []))
    ]
    outdated = [
        f"{SECURITY_FILE}: {one.id} is called open, and {marks[one.id][0].place} proves it"
        for one in statements.values()
        if not one.files and one.id in marks
    ]
    return sorted(unlisted) + unproven + outdated
