"""The importing side of P-13, a process of its own: `python -m tests.bench._importing URL DATABASE KEYRING FILE`.

Prints what it reached as one line of JSON. Of the service's parts those run that an import needs, and no others: no
read model is fed and nothing is published meanwhile.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
import uvloop
from ansinh_kit.clock import SystemClock
from ansinh_kit.database import Database
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import EventRegistry, Metadata
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.mongo_keyring import MongoKeyring
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper
from ansinh_kit.reservations import MongoReservations
from pymongo import monitoring
from records.domain.contributions.events import CONTRIBUTION_EVENTS
from records.domain.imports.decide import Import
from records.domain.imports.events import IMPORT_EVENTS
from records.domain.participant.events import PARTICIPANT_EVENTS
from records.events import UPCASTERS
from records.handlers.importing.chunks import inspect
from records.handlers.importing.contributions import ContributionFiles
from records.handlers.importing.feeder import StreamFeeder
from records.handlers.importing.importing import Importing, ImportRequest, Progress
from records.handlers.importing.recorded_people import RecordedPeople
from records.handlers.participants import Participants
from records.handlers.registering import Registering
from records.storage.bulk_files.blocks import blocks_of
from records.storage.import_reports import MongoImportReports
from records.storage.import_snapshots import import_snapshots_in
from records.storage.numbers import ParticipantNumbers

REGISTRY = EventRegistry.of((*PARTICIPANT_EVENTS, *CONTRIBUTION_EVENTS, *IMPORT_EVENTS))
KEYS = KeyList((NamedKey("bench", b"k" * 32),))
# By then the caches of the process and of the driver are as full as they get.
STEADY_AFTER = 0.3


@dataclass(frozen=True)
class Brought:
    """What one import took. `commands` are those to the database, by name and collection.

    `grown_mb` is the most by which the process was larger in the last 70 % of the rows than when they began.
    """

    rows: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    grown_mb: float
    commands: dict[str, int]


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
            snapshots=import_snapshots_in(database, cipher),
        )

    async def bring(self, path: Path, progress: Progress) -> Import:
        request = ImportRequest(kind="contributions", agency_code=None, started_by="bench")
        inspected = await inspect(blocks_of(path), self.feeder.columns)
        import_id = await self.importing.start(request, inspected, Metadata(correlation_id="bench"))
        return await self.importing.run(import_id, lambda: blocks_of(path), progress=progress)


@asynccontextmanager
async def opened(database: Database, keyring: Database) -> AsyncIterator[Service]:
    service = Service(database, keyring)
    await service.log.start()
    yield service
    await service.log.close()


class Commands(monitoring.CommandListener):
    """Counts what is asked of the collections of the database."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if isinstance(asked := event.command[event.command_name], str):
            self.counted[f"{event.command_name} {asked}"] += 1

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Do nothing: that it was asked is what counts."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Do nothing: that it was asked is what counts."""


def watching(sizes: list[tuple[int, float]]) -> Progress:
    """Note how large the process is after each chunk."""
    process = psutil.Process()

    def note(state: Import) -> None:
        sizes.append((state.counts.rows, process.memory_info().rss / 2**20))

    return note


async def main(url: str, database: str, keyring: str, path: str) -> Brought:
    commands = Commands()
    monitoring.register(commands)
    client = connect(url, app_name="bench-import")
    sizes: list[tuple[int, float]] = []
    async with opened(client.database(database), client.database(keyring)) as service:
        commands.counted.clear()
        began, cpu = time.perf_counter(), time.process_time()
        done = await service.bring(Path(path), watching(sizes))
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    client.close()
    if done.status != "completed" or done.counts.recorded != done.counts.rows:
        raise AssertionError(f"not every row was recorded: {done.counts}")
    rows = done.counts.rows
    steady = [size for after, size in sizes if after >= STEADY_AFTER * rows]
    return Brought(rows, seconds, cpu_seconds, max(steady), max(steady) - steady[0], dict(commands.counted))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        brought = runner.run(main(*sys.argv[1:]))
    sys.stdout.write(json.dumps(asdict(brought)) + "\n")
