"""P-13: a file of contribution rows into the log, against the driver's bare insert of the same commits."""

import asyncio
import csv
import json
import statistics
import sys
import time
from asyncio.subprocess import PIPE
from collections import Counter
from dataclasses import dataclass
from itertools import chain, count, islice, repeat
from pathlib import Path

from ansinh_kit.database import Database, Document
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import MongoClient, connect
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, relative_spread
from devtools.population.rows import Life, contribution_rows, life_of
from records.domain.birth_date import BirthDate
from records.domain.participant.details import Contact, Identity, Numbers
from records.handlers.context import CommandContext
from records.handlers.registering import NewParticipant

from tests.bench._importing import Brought, Service, opened

ROWS = 100_000
ROUNDS = 3
UNTIL = 2026 * 12 + 9
SEED = 11
TARGET = 0.5
# As many documents as one group of the log's own writer.
INSERTED_AT_ONCE = 256
COPIED = ("commits", "commit_positions", "reservations")


@dataclass(frozen=True)
class Round:
    """One import, and a bare insert of its commits right after it."""

    brought: Brought
    commits: int
    insert_seconds: float

    @property
    def ratio(self) -> float:
        return self.insert_seconds / self.brought.seconds


async def run(environment: Environment) -> list[Figure]:
    client = connect(environment.mongodb_url, app_name="bench-import")
    name = environment.new_database_name()
    path = environment.directory / "contributions.csv"
    people = write_file(path)
    say(f"{ROWS:,} rows of {people:,} people written; registering them")
    await register(client.database(name), client.database(f"{name}_keyring"), people)
    # In turns, so that what the machine does meanwhile hits both sides.
    rounds = [await one_round(client, environment.mongodb_url, name, path) for _ in range(ROUNDS)]
    client.close()
    return [figure(rounds, people)]


def write_file(path: Path) -> int:
    """Write `ROWS` contribution rows of whole careers, and return of how many people they are."""
    begun = count(1)
    lives = (life_of(next(begun) - 1, seed=SEED, until=UNTIL) for _ in repeat(None))
    rows = islice((row for life in lives for row in contribution_rows(life)), ROWS)
    with path.open("w", encoding="utf-8", newline="") as file:
        first = next(rows)
        writer = csv.DictWriter(file, fieldnames=list(first))
        writer.writeheader()
        writer.writerows(chain([first], rows))
    return next(begun) - 1


async def register(database: Database, keyring: Database, people: int) -> None:
    async with opened(database, keyring) as service:
        for start in range(0, people, 100):
            lives = [life_of(index, seed=SEED, until=UNTIL) for index in range(start, min(start + 100, people))]
            await asyncio.gather(*(register_one(service, life) for life in lives))


async def register_one(service: Service, life: Life) -> None:
    person = life.person
    new = NewParticipant(
        agency_code=person.agency_code,
        identity=Identity(full_name=person.full_name, birth_date=BirthDate(person.born.isoformat()), sex=person.sex),
        numbers=Numbers(social_insurance_number=person.social_insurance_number),
        contact=Contact(address=person.address),
    )
    context = CommandContext(f"register-{person.index}", Metadata(correlation_id="bench"))
    await service.registering.register(new, "file", context)


async def one_round(client: MongoClient, url: str, name: str, path: Path) -> Round:
    """Import into a copy of the database in which everybody is registered and nobody has contributed yet."""
    copy = client.database(f"{name}_round")
    for collection in COPIED:
        await copy[collection].insert_many(await client.database(name)[collection].find({}).to_list())
    brought = await imported(url, copy.name, f"{name}_keyring", path)
    commits, seconds = await inserted(copy)
    done = Round(brought, commits, seconds)
    say(f"imported in {brought.seconds:.1f} s, inserted in {seconds:.1f} s: {done.ratio:.2f}")
    await client.drop_database(copy.name)
    return done


async def imported(url: str, database: str, keyring: str, path: Path) -> Brought:
    """Import in a process that has done nothing before: how large it gets is then the import's doing."""
    arguments = ["-m", "tests.bench._importing", url, database, keyring, str(path)]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=PIPE)
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise AssertionError(f"the import ended with {process.returncode}")
    return Brought(**json.loads(said))


async def inserted(database: Database) -> tuple[int, float]:
    """Insert the commits of the import into a plain collection; return how many, and the seconds of the inserts."""
    commits, seconds = 0, 0.0
    group: list[Document] = []
    async for commit in database["commits"].find({"stream": {"$gte": "contributions-", "$lt": "contributions."}}):
        group.append(commit)
        if len(group) == INSERTED_AT_ONCE:
            commits, seconds = commits + len(group), seconds + await seconds_to_insert(database, group)
            group = []
    if group:
        commits, seconds = commits + len(group), seconds + await seconds_to_insert(database, group)
    return commits, seconds


async def seconds_to_insert(database: Database, commits: list[Document]) -> float:
    began = time.perf_counter()
    await database["plain"].insert_many(commits)
    return time.perf_counter() - began


def figure(rounds: list[Round], people: int) -> Figure:
    ratios = [one.ratio for one in rounds]
    ratio = statistics.median(ratios)
    grown = max(one.brought.grown_mb for one in rounds)
    return Figure(
        id="P-13",
        name=f"file of {ROWS:,} rows of {people:,} careers, alone in its process ÷ bare insert_many; "
        f"memory grew {grown:.0f} MB after the first rows",
        value=ROWS / statistics.median(one.brought.seconds for one in rounds),
        unit="rows/s",
        floor=ROWS / statistics.median(one.insert_seconds for one in rounds),
        ratio=ratio,
        target=f">= {TARGET}, flat memory",
        met=ratio >= TARGET,
        n=len(rounds),
        spread=relative_spread(ratios),
        detail={
            "ratios": [round(one, 3) for one in ratios],
            "commits": rounds[0].commits,
            "cpu_seconds_per_1000_rows": [round(one.brought.cpu_seconds / ROWS * 1000, 4) for one in rounds],
            "commands_per_1000_rows": per_1000_rows(rounds[0].brought.commands),
            "memory_peak_mb": [round(one.brought.peak_mb, 1) for one in rounds],
            "memory_grown_mb": [round(one.brought.grown_mb, 1) for one in rounds],
        },
    )


def per_1000_rows(commands: dict[str, int]) -> dict[str, float]:
    return {name: round(asked / ROWS * 1000, 2) for name, asked in Counter(commands).most_common(8)}


def say(line: str) -> None:
    sys.stderr.write(f"P-13: {line}\n")
    sys.stderr.flush()
