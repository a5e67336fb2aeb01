"""Any generated population: the file comes to what its rows come to one by one, and memory does not grow with it."""

import csv
import io
import tracemalloc
from collections.abc import AsyncIterator, Collection, Iterator
from random import Random

from ansinh_kit.decider import handle
from ansinh_kit.event_store.commit_log import AppendOutcome, Commit, NewCommit
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.events import Metadata
from devtools.population.rows import contribution_rows, life_of
from hypothesis import given, settings
from hypothesis import strategies as st
from records.domain.contributions.decide import contributions_decider
from records.handlers.importing.chunks import ReadRow
from records.handlers.importing.contributions import ContributionFiles

from tests.records.imports.desk import NOW, OFFICE, Desk, insured, number
from tests.records.unit.bulk.reading import csv_of, read, row

UNTIL = 2026 * 12 + 9


def rows_of_lives(seed: int, people: int) -> list[dict[str, str]]:
    rows = []
    for index in range(1, people + 1):
        life = life_of(index, seed=seed, until=UNTIL)
        rows += [one | {"social_insurance_number": number(index)} for one in contribution_rows(life)]
    return rows


def written(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


async def fed_one_by_one(content: bytes) -> Desk:
    desk, files = Desk(), ContributionFiles()
    for place, values in enumerate(read(content).rows):
        person = desk.people.people["social_insurance_number", values["social_insurance_number"]]
        fed = files.check(ReadRow(place, values), person, now=NOW)
        assert not isinstance(fed, list)
        await handle(
            desk.store,
            files.stream_id(person.participant_id),
            files.command(person.participant_id, [fed], at=NOW),
            contributions_decider,
            commit_id=f"row-{place}",
            metadata=Metadata(correlation_id="one by one"),
        )
    return desk


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), people=st.integers(1, 5), chunk_lines=st.integers(1, 90), order=st.randoms())
async def test_a_file_comes_to_what_its_rows_come_to_one_by_one(
    seed: int, people: int, chunk_lines: int, order: Random
) -> None:
    rows = rows_of_lives(seed, people)
    if not rows:
        return
    order.shuffle(rows)
    content = written(rows)
    desk = Desk(chunk_lines=chunk_lines)
    for one in desk.people.people:
        desk.people.people[one] = insured(int(one[1][5:]), born=None)
    _, done = await desk.bring(content)
    assert done.counts.recorded == done.counts.rows == len(rows)
    assert await desk.facts() == await (await fed_one_by_one(content)).facts()


class ForgetfulLog(InMemoryCommitLog):
    """A log that answers and keeps nothing of participants: only what the import itself holds is left in memory."""

    async def append(self, commit: NewCommit) -> AppendOutcome:
        if commit.stream_id.startswith("import-"):
            return await super().append(commit)
        written = Commit(1, commit.stream_id, 1, commit.events, commit.commit_id, commit.metadata, NOW)
        return AppendOutcome(written, repeated=False)

    async def read_streams(self, stream_ids: Collection[str]) -> dict[str, list[Commit]]:
        return {stream_id: [] for stream_id in stream_ids}


def endless(lines: int) -> Iterator[bytes]:
    yield csv_of(row())
    for line in range(lines):
        yield csv_of(row(social_insurance_number=number(line % 50 + 1))).split(b"\n")[1] + b"\n"


async def peak_of(lines: int) -> int:
    async def blocks() -> AsyncIterator[bytes]:
        for block in endless(lines):
            yield block

    desk = Desk(log=ForgetfulLog(), chunk_lines=200)
    import_id = await desk.start(b"".join(endless(3)), OFFICE)
    tracemalloc.start()
    await desk.importing.run(import_id, blocks)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


async def test_memory_does_not_grow_with_the_file() -> None:
    """What is kept for a line is far less than the line: the import's own progress in the log, and nothing else."""
    await peak_of(400)
    short, long = await peak_of(1_000), await peak_of(9_000)
    assert (long - short) / 8_000 < 60, (short, long)
