"""P-13: a file of contribution rows into the log, against the driver's bare insert of the same commits."""

import asyncio
import csv
import secrets
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain, count, islice, repeat
from pathlib import Path

import psutil
from ansinh_kit.clock import SystemClock
from ansinh_kit.database import Database
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import EventRegistry, Metadata
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import MongoClient, connect
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.mongo_keyring import MongoKeyring
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper
from ansinh_kit.reservations import MongoReservations
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, relative_spread
from devtools.population.rows import Life, contribution_rows, life_of
from records.domain.birth_date import BirthDate
from records.domain.contributions.events import CONTRIBUTION_EVENTS
from records.domain.imports.decide import Import
from records.domain.imports.events import IMPORT_EVENTS
from records.domain.participant.details import Contact, Identity, Numbers
from records.domain.participant.events import PARTICIPANT_EVENTS
from records.handlers.context import CommandContext
from records.handlers.importing.chunks import inspect
from records.handlers.importing.contributions import ContributionFiles
from records.handlers.importing.feeder import StreamFeeder
from records.handlers.importing.importing import Importing, ImportRequest
from records.handlers.importing.recorded_people import RecordedPeople
from records.handlers.participants import Participants
from records.handlers.registering import NewParticipant, Registering
from records.storage.bulk_files.blocks import blocks_of
from records.storage.import_reports import MongoImportReports
from records.storage.numbers import ParticipantNumbers
from records.use_cases import UPCASTERS

ROWS = 100_000
ROUNDS = 3
UNTIL = 2026 * 12 + 9
SEED = 11
TARGET = 0.5
# As many documents as one group of the log's own writer.
INSERTED_AT_ONCE = 256
COPIED = ("commits", "commit_positions", "reservations")
REGISTRY = EventRegistry.of((*PARTICIPANT_EVENTS, *CONTRIBUTION_EVENTS, *IMPORT_EVENTS))
KEYS = KeyList((NamedKey("bench", secrets.token_bytes(32)),))


@dataclass(frozen=True)
class Round:
    """What one import and one bare insert of its commits reached, in rows a second, and what memory it took."""

    imported: float
    inserted: float
    commits: int
    grown_mb: float


class Service:
    """The parts of the service an import needs, with nothing in their caches."""

    def __init__(self, database: Database, keyring: Database) -> None:
        self.log = MongoCommitLog(database)
        cipher = PersonalDataCipher(MongoKeyring(keyring, LocalKeyWrapper(KEYS)))
        store, clock = EventStore(self.log, JsonCodec(REGISTRY, cipher, UPCASTERS)), SystemClock()
        numbers = ParticipantNumbers(MongoReservations(database), BlindIndex(KEYS))
        participants = Participants(store, numbers)
        self.registering = Registering(participants=participants, numbers=numbers, clock=clock)
        people = RecordedPeople(numbers=numbers, participants=participants, store=store, cipher=cipher)
        self.feeder = StreamFeeder(ContributionFiles(), store=store, cipher=cipher, people=people)
        self.importing = Importing(
            store=store,
            clock=clock,
            reservations=MongoReservations(database),
            feeders_over=lambda _store, _reservations: {"contributions": self.feeder},
            reports=MongoImportReports(database),
        )

    async def bring(self, path: Path) -> Import:
        request = ImportRequest(kind="contributions", agency_code=None, started_by="bench")
        inspected = await inspect(blocks_of(path), self.feeder.columns)
        import_id = await self.importing.start(request, inspected, Metadata(correlation_id="bench"))
        return await self.importing.run(import_id, lambda: blocks_of(path))


async def run(environment: Environment) -> list[Figure]:
    client = connect(environment.mongodb_url, app_name="bench-import")
    name = environment.new_database_name()
    keyring = client.database(f"{name}_keyring")
    path = environment.directory / "contributions.csv"
    people = write_file(path)
    await register(client.database(name), keyring, people)
    # One round to warm up; then in turns, so that what the machine does meanwhile hits both sides.
    rounds = [await one_round(client, name, keyring, path) for _ in range(ROUNDS + 1)][1:]
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


@asynccontextmanager
async def opened(database: Database, keyring: Database) -> AsyncIterator[Service]:
    service = Service(database, keyring)
    await service.log.start()
    yield service
    await service.log.close()


async def one_round(client: MongoClient, name: str, keyring: Database, path: Path) -> Round:
    """Import into a copy of the database in which everybody is registered and nobody has contributed yet."""
    copy = client.database(f"{name}_round")
    for collection in COPIED:
        await copy[collection].insert_many(await client.database(name)[collection].find({}).to_list())
    async with opened(copy, keyring) as service, watched_memory() as grown_mb:
        began = time.perf_counter()
        done = await service.bring(path)
        imported = ROWS / (time.perf_counter() - began)
    if done.status != "completed" or done.counts.recorded != ROWS:
        raise AssertionError(f"not every row was recorded: {done.counts}")
    commits = await copy["commits"].find({"events.type": "period_recorded"}).to_list()
    began = time.perf_counter()
    for start in range(0, len(commits), INSERTED_AT_ONCE):
        await copy["plain"].insert_many(commits[start : start + INSERTED_AT_ONCE])
    inserted = ROWS / (time.perf_counter() - began)
    await client.drop_database(copy.name)
    return Round(imported, inserted, len(commits), max(grown_mb))


@asynccontextmanager
async def watched_memory() -> AsyncIterator[list[float]]:
    """Yield a list that collects by how many MB the process has grown since."""
    process, grown = psutil.Process(), [0.0]
    before = process.memory_info().rss

    async def watch() -> None:
        while True:
            grown.append((process.memory_info().rss - before) / 2**20)
            await asyncio.sleep(0.05)

    watching = asyncio.create_task(watch())
    yield grown
    watching.cancel()


def figure(rounds: list[Round], people: int) -> Figure:
    ratios = [one.imported / one.inserted for one in rounds]
    ratio = statistics.median(ratios)
    grown = max(one.grown_mb for one in rounds)
    return Figure(
        id="P-13",
        name=f"file of {ROWS:,} rows of {people:,} careers ÷ bare insert_many; memory grew {grown:.0f} MB",
        value=statistics.median(one.imported for one in rounds),
        unit="rows/s",
        floor=statistics.median(one.inserted for one in rounds),
        ratio=ratio,
        target=f">= {TARGET}, flat memory",
        met=ratio >= TARGET,
        n=len(rounds),
        spread=relative_spread(ratios),
        detail={
            "ratios": [round(one, 3) for one in ratios],
            "commits": rounds[0].commits,
            "memory_grown_mb": [round(one.grown_mb, 1) for one in rounds],
        },
    )
