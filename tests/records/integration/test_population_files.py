"""The files of a made-up population, every kind: all is taken in, and the second time all of it stands already."""

from pathlib import Path

import pytest
from ansinh_kit.testing.callers import an_officer
from devtools.population.files import Form, Population, write_population

from tests.records.integration.test_imports_api import Counter

UNTIL = 2026 * 12
PROVINCE = an_officer(account_id="officer-p", agency_code="066")
KINDS = ("participants", "contributions", "benefits", "cards", "visits")


def files_of(folder: Path, *, people: int = 12, form: Form = "csv", packed: bool = False) -> dict[str, bytes]:
    population = Population(people=people, seed=5, until=UNTIL)
    written = write_population(population, folder, form=form, packed=packed, progress=lambda _: None)
    return {file.path.name.split(".")[0]: file.path.read_bytes() for file in written}


@pytest.mark.parametrize(("form", "packed"), [("csv", False), ("jsonl", True)])
async def test_every_file_of_a_population_is_taken_in_and_stands_the_second_time(
    tmp_path: Path, form: Form, *, packed: bool
) -> None:
    counter = Counter()
    files = files_of(tmp_path, form=form, packed=packed)
    for kind in KINDS:
        told = await counter.brought(files[kind], caller=PROVINCE, query=f"kind={kind}")
        report = (await counter.get(f"{told['import_id']}/report", caller=PROVINCE)).body.decode()
        assert (told["status"], told["counts"]["refused"]) == ("completed", 0), report
        assert told["counts"]["recorded"] > 0
    for kind in KINDS:
        again = await counter.brought(files[kind], caller=PROVINCE, query=f"kind={kind}")
        assert again["counts"]["unchanged"] == sum(again["counts"].values()), kind


async def test_every_kind_of_file_can_be_rehearsed(tmp_path: Path) -> None:
    counter = Counter()
    files = files_of(tmp_path, people=4)
    for kind in KINDS:
        before = len(await counter.office.service.event_types())
        rehearsed = await counter.brought(files[kind], caller=PROVINCE, query=f"kind={kind}&dry_run=true")
        written = (await counter.office.service.event_types())[before:]
        assert {name.split("_")[0] for name in written} == {"import"}
        real = await counter.brought(files[kind], caller=PROVINCE, query=f"kind={kind}")
        assert rehearsed["counts"] == real["counts"]


async def test_a_participant_who_stands_otherwise_is_left_to_the_officers(tmp_path: Path) -> None:
    counter = Counter()
    content = files_of(tmp_path, people=3)["participants"]
    await counter.brought(content, caller=PROVINCE, query="kind=participants")
    changed = content.replace(b"female", b"male").replace(b"Ph\xe1\xbb\x91", b"Duong")
    told = await counter.brought(changed, caller=PROVINCE, query="kind=participants")
    assert told["counts"] == {"recorded": 0, "corrected": 0, "unchanged": 0, "refused": 3}
    doubled = content + content.split(b"\n", 1)[1]
    told = await counter.brought(doubled, caller=PROVINCE, query="kind=participants")
    assert told["counts"]["unchanged"] == 6


async def test_rows_that_break_the_rules_of_their_own_record_are_told_by_line_and_column(tmp_path: Path) -> None:
    counter = Counter()
    files = files_of(tmp_path)
    await counter.brought(files["participants"], caller=PROVINCE, query="kind=participants")
    header, first, *_ = files["visits"].decode().splitlines()
    bad = first.replace(",1,", ",9,", 1)
    told = await counter.brought(f"{header}\n{bad}\n".encode(), caller=PROVINCE, query="kind=visits")
    report = (await counter.get(f"{told['import_id']}/report", caller=PROVINCE)).body.decode().splitlines()
    assert told["counts"]["refused"] == 1
    assert report[1].startswith("2,discharge_status,discharge_status,9,")
