"""Made-up populations: the same every time, like life, and never more in memory than one person."""

import csv
import gzip
import json
import tracemalloc
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from devtools.population.files import Form, Population, write_population
from devtools.population.months import first_day, month_label
from devtools.population.rows import ROWS, Life, contribution_rows, life_of

UNTIL = 2026 * 12 + 9
PEOPLE = 400


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    return list(Population(people=PEOPLE, seed=7, until=UNTIL).lives())


def write(
    folder: Path, *, people: int = 30, seed: int = 7, form: Form = "csv", packed: bool = False
) -> dict[str, bytes]:
    population = Population(people=people, seed=seed, until=UNTIL)
    written = write_population(population, folder, form=form, packed=packed, progress=lambda _: None)
    return {file.path.name: file.path.read_bytes() for file in written}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first = write(tmp_path / "a", packed=True)
    assert first == write(tmp_path / "b", packed=True)
    assert first != write(tmp_path / "c", packed=True, seed=8)


def test_a_larger_population_begins_with_the_smaller_one(tmp_path: Path) -> None:
    few, many = write(tmp_path / "few", people=10), write(tmp_path / "many", people=25)
    assert all(many[name].startswith(content) for name, content in few.items())


def test_every_form_holds_the_same_rows(tmp_path: Path) -> None:
    plain, packed = write(tmp_path / "a"), write(tmp_path / "b", packed=True)
    lines = write(tmp_path / "c", form="jsonl")
    for name in ROWS:
        content = plain[f"{name}.csv"]
        assert gzip.decompress(packed[f"{name}.csv.gz"]) == content
        rows = list(csv.DictReader(content.decode().splitlines()))
        assert rows == [json.loads(line) for line in lines[f"{name}.jsonl"].decode().splitlines()]


def test_numbers_are_nobodys_and_nobody_shares_one(lives: list[Life]) -> None:
    numbers = [life.person.social_insurance_number for life in lives]
    citizens = [life.person.citizen_number for life in lives if life.person.citizen_number]
    assert len(set(numbers)) == len(numbers)
    assert len(set(citizens)) == len(citizens)
    assert all(number.startswith("99") for number in numbers)


def test_people_of_every_kind_are_there(lives: list[Life]) -> None:
    stretches = [stretch for life in lives for stretch in life.stretches()]
    kinds = Counter(row["kind"] for life in lives for row in ROWS["benefits"](life))
    assert any(life.person.is_child(UNTIL) and not life.career.jobs for life in lives)
    assert any(_jobs_overlap(life) for life in lives)
    assert any(_has_gap(life) for life in lives)
    assert {stretch.status for stretch in stretches} == {"paid", "unpaid"}
    assert any(stretch.movement_code == "TS" for stretch in stretches)
    assert {stretch.employer.public for stretch in stretches} == {True, False}
    assert set(kinds) == {"pension", "lump_sum", "maternity", "sickness", "unemployment_benefit"}


def test_rows_of_one_kind_at_one_employer_never_overlap(lives: list[Life]) -> None:
    for life in lives:
        spans = defaultdict(list)
        for row in contribution_rows(life):
            month, year = row["from_month"].split("/")
            last, last_year = row["to_month"].split("/")
            spans[row["kind"], row["employer_code"]].append((year + month, last_year + last))
        assert all(before[1] < after[0] for found in spans.values() for before, after in pairwise(sorted(found)))


def test_nothing_happens_before_birth_or_after_the_last_known_month(lives: list[Life]) -> None:
    for life in lives:
        for stretch in life.stretches():
            assert life.person.born < first_day(stretch.first)
            assert stretch.first <= stretch.last <= UNTIL, month_label(stretch.last)


def test_maternity_leave_gives_no_month_of_unemployment_insurance(lives: list[Life]) -> None:
    rows = [row for life in lives for row in contribution_rows(life) if row["movement_code"] == "TS"]
    assert {row["kind"] for row in rows} == {"social", "accident", "health"}


def test_memory_does_not_grow_with_the_population(tmp_path: Path) -> None:
    write(tmp_path / "warm", people=20)
    peaks = []
    for people in (60, 600):
        tracemalloc.start()
        write_population(
            Population(people=people, seed=7, until=UNTIL), tmp_path, form="csv", packed=False, progress=lambda _: None
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2_000_000


def test_a_person_is_the_same_wherever_it_is_made() -> None:
    assert life_of(123, seed=1, until=UNTIL) == life_of(123, seed=1, until=UNTIL)


def _has_gap(life: Life) -> bool:
    return any(after.first > before.last + 1 for before, after in pairwise(life.career.jobs))


def _jobs_overlap(life: Life) -> bool:
    return any(after.first <= before.last for before, after in pairwise(life.career.jobs))
