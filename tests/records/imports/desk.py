"""Imports in this process: production code over memory, with people who are simply known."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from ansinh_kit.database import Document
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.commit_log import CommitLog
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import EventRegistry, Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.testing.clock import FixedClock
from records.domain.bulk.contributions import CONTRIBUTION_COLUMNS
from records.domain.bulk.refusals import Refusal
from records.domain.contributions.events import CONTRIBUTION_EVENTS
from records.domain.imports.decide import Import
from records.domain.imports.events import IMPORT_EVENTS
from records.handlers.importing.chunks import inspect
from records.handlers.importing.contributions import ContributionFiles
from records.handlers.importing.feeder import StreamFeeder
from records.handlers.importing.importing import Importing, ImportRequest
from records.handlers.importing.people import Insured, Number

from tests.records.unit.bulk.reading import csv_of, row

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REGISTRY = EventRegistry.of((*IMPORT_EVENTS, *CONTRIBUTION_EVENTS))
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
class MemoryReports:
    """Refusals by import; the same place twice is one."""

    noted: dict[str, dict[tuple[int, int], Refusal]] = field(default_factory=dict)

    async def note(self, import_id: str, refusals: Sequence[Refusal]) -> None:
        report = self.noted.setdefault(import_id, {})
        report.update({(refusal.line, index): refusal for index, refusal in enumerate(refusals)})

    async def read(self, import_id: str) -> AsyncIterator[Document]:
        for _, refusal in sorted(self.noted.get(import_id, {}).items(), key=_place):
            yield {
                "line": refusal.line,
                "column": refusal.column,
                "rule": refusal.rule.name,
                "shape": refusal.shape,
            }

    def told(self, import_id: str) -> list[tuple[int, str | None, str]]:
        report = self.noted.get(import_id, {})
        return [(refusal.line, refusal.column, refusal.rule.name) for _, refusal in sorted(report.items(), key=_place)]


@dataclass
class Desk:
    """`bring` does what a caller does: inspect the file, start its import, run it to the end."""

    log: CommitLog = field(default_factory=InMemoryCommitLog)
    people: KnownPeople = field(default_factory=KnownPeople)
    reports: MemoryReports = field(default_factory=MemoryReports)
    keyring: InMemoryKeyring = field(default_factory=InMemoryKeyring)
    chunk_lines: int = 4

    def __post_init__(self) -> None:
        self.cipher = PersonalDataCipher(self.keyring)
        self.store = EventStore(self.log, JsonCodec(REGISTRY, self.cipher))
        self.importing = Importing(
            store=self.store,
            clock=FixedClock(NOW),
            feeders_over=lambda store: {
                "contributions": StreamFeeder(ContributionFiles(), store=store, cipher=self.cipher, people=self.people)
            },
            reports=self.reports,
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


def _place(entry: tuple[tuple[int, int], Refusal]) -> tuple[int, int]:
    return entry[0]
