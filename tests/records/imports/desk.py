"""Imports in this process: production code over memory, with people who are simply known."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.commit_log import CommitLog
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.snapshots import InMemorySnapshots
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.reservations import InMemoryReservations
from ansinh_kit.testing.clock import FixedClock
from records.domain.bulk.contributions import CONTRIBUTION_COLUMNS
from records.domain.imports.decide import Import
from records.events import EVENTS, UPCASTERS
from records.handlers.importing.chunks import inspect
from records.handlers.importing.contributions import ContributionFiles
from records.handlers.importing.feeder import StreamFeeder
from records.handlers.importing.importing import Importing, ImportRequest
from records.handlers.importing.people import Insured, Number

from tests.records.imports.memory import MemoryReports
from tests.records.unit.bulk.reading import csv_of, row

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OFFICE = ImportRequest(kind="contributions", agency_code="066", started_by="officer-1")


def number(index: int) -> str:
    return f"66000{index:05}"


def insured(index: int, *, agency: str = "06601", born: date | None = date(1980, 1, 1)) -> Insured:
    return Insured(f"{index:032x}", agency, born)


@dataclass
class KnownPeople:
    """People 1 to 50, by the numbers `number(index)`."""

    people: dict[Number, Insured] = field(
        default_factory=lambda: {("social_insurance_number", number(index)): insured(index) for index in range(1, 51)}
    )

    async def find(self, numbers: Collection[Number]) -> Mapping[Number, Insured]:
        return {one: self.people[one] for one in numbers if one in self.people}


@dataclass
class Desk:
    """`bring` does what a caller does: inspect the file, start its import, run it to the end."""

    log: CommitLog = field(default_factory=InMemoryCommitLog)
    people: KnownPeople = field(default_factory=KnownPeople)
    reports: MemoryReports = field(default_factory=MemoryReports)
    keyring: InMemoryKeyring = field(default_factory=InMemoryKeyring)
    snapshots: InMemorySnapshots[Import] = field(default_factory=InMemorySnapshots)
    chunk_lines: int = 4

    def __post_init__(self) -> None:
        self.cipher = PersonalDataCipher(self.keyring)
        self.store = EventStore(self.log, JsonCodec(EVENTS, self.cipher, UPCASTERS))
        self.importing = Importing(
            store=self.store,
            clock=FixedClock(NOW),
            reservations=InMemoryReservations(),
            feeders_over=lambda store, _: {
                "contributions": StreamFeeder(ContributionFiles(), store=store, cipher=self.cipher, people=self.people)
            },
            reports=self.reports,
            snapshots=self.snapshots,
            chunk_lines=self.chunk_lines,
        )
        self.columns = CONTRIBUTION_COLUMNS

    async def start(self, content: bytes, request: ImportRequest = OFFICE) -> str:
        return await self.importing.start(
            request, await inspect(blocks(content), self.columns), Metadata(correlation_id="request-1")
        )

    async def bring(self, content: bytes, request: ImportRequest = OFFICE) -> tuple[str, Import]:
        import_id = await self.start(content, request)
        return import_id, await self.importing.run(import_id, lambda: blocks(content))

    async def facts(self) -> list[tuple[str, list[object]]]:
        """Return every participant's history as the log holds it, without when and under which id it was written."""
        events = (await self.store.read_after(0, limit=100_000)).events
        streams: dict[str, list[object]] = {}
        for recorded in events:
            if not recorded.stream_id.startswith("import-"):
                streams.setdefault(recorded.stream_id, []).append(recorded.event)
        return sorted(streams.items())


async def blocks(content: bytes, *, size: int = 1_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def rows_of(*indexes: int, **changes: str) -> list[dict[str, str]]:
    """Return a row for each of these people."""
    return [row(social_insurance_number=number(index), **changes) for index in indexes]


def file_of(*rows: dict[str, str]) -> bytes:
    return csv_of(*rows)
