"""`python -m records import`: files on this machine into a real database, by a process of its own."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.records.integration.test_population_files import files_of
from tests.records.integration.test_process import environment

__all__ = ["environment"]

pytestmark = [pytest.mark.mongo, pytest.mark.slow]


async def bring(settings: Mapping[str, str], file: Path, *options: str) -> tuple[int | None, list[str]]:
    """Return the exit code and what the command said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "records", "import", str(file), *options),
        env=dict(settings),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 90)
    return process.returncode, said.decode().splitlines()


async def test_an_operator_rehearses_brings_and_brings_again(environment: Mapping[str, str], tmp_path: Path) -> None:
    files_of(tmp_path, people=4)
    people, rows = tmp_path / "participants.csv", tmp_path / "contributions.csv"
    assert (await bring(environment, people))[0] == 0
    count = len(rows.read_text(encoding="utf-8").splitlines()) - 1
    code, rehearsed = await bring(environment, rows, "--dry-run")
    assert (code, rehearsed[-1]) == (0, f"completed: {count} recorded, 0 corrected, 0 unchanged, 0 refused")
    assert (await bring(environment, rows))[1][-1] == rehearsed[-1]
    _, again = await bring(environment, rows)
    assert again[-1] == f"completed: 0 recorded, 0 corrected, {count} unchanged, 0 refused"


async def test_a_bad_file_is_refused_and_bad_rows_are_reported(environment: Mapping[str, str], tmp_path: Path) -> None:
    bad = tmp_path / "contributions.csv"
    bad.write_text("one,two\n", encoding="utf-8")
    code, said = await bring(environment, bad)
    assert (code, said) == (1, ["refused: line 1, header: unknown_column. This column is not part of the form."])
    content = files_of(tmp_path, people=1)["participants"].replace(b"/19", b"/29")
    (tmp_path / "participants.csv").write_bytes(content)
    report = tmp_path / "report.csv"
    await bring(environment, tmp_path / "participants.csv", "--report", str(report))
    assert report.read_text(encoding="utf-8").splitlines()[1].startswith("2,birth_date,in_the_future,")
