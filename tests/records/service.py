"""The service in this process: production wiring over memory, a clock that stands still, no server."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ansinh_kit.clock import RandomIds
from ansinh_kit.counters import Counters, InMemoryCounters
from ansinh_kit.database import Document
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.snapshots import InMemorySnapshots
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import RecordedEvent
from ansinh_kit.http.assertion import AssertionIssuer, Caller
from ansinh_kit.http.even_pace import EvenPace
from ansinh_kit.human_check.proof_of_work import ProofOfWork
from ansinh_kit.human_check.spent import InMemorySpentChallenges
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.projections.projection import Projection
from ansinh_kit.reservations import InMemoryReservations, Reservations
from ansinh_kit.testing.asgi_client import AsgiClient, HttpAnswer
from ansinh_kit.testing.callers import a_guest
from ansinh_kit.testing.clock import FixedClock
from ansinh_kit.testing.edge import in_memory_edge
from ansinh_kit.throttling.memory import InMemoryThrottles
from ansinh_kit.throttling.port import Throttling
from ansinh_kit.working_days import WorkingDays
from records.app import SERVICE, http_app
from records.domain.month import Month
from records.domain.notices.schedule import NoticeSchedule
from records.events import EVENTS, UPCASTERS
from records.handlers.card_codes import CardCodes
from records.handlers.disputes import AnswerDays
from records.projections.catalogue import ReadModels
from records.projections.number_look_ups import NumberLookUps
from records.public_look_ups import PublicLookUps
from records.storage.exports.files import ExportFiles
from records.storage.exports.press import Press, PressLimits
from records.storage.import_files import ImportFiles
from records.storage.notice_runs import BEGINNING, NoticeRuns
from records.storage.reference.in_memory import InMemoryReference
from records.storage.reference.seed import seed_entries
from records.use_cases import Surroundings, build_use_cases

from tests.records.imports.memory import MemoryBucket, MemoryReports
from tests.records.mortal_log import MortalLog

CHECK_ADDRESS = "https://kiem-tra.example/"
KEYS = KeyList((NamedKey("test", b"k" * 32),))


class FoldedView:
    """A read model folded anew for every question: the projection's own code, without a projector."""

    def __init__(self, store: EventStore, projection: Projection) -> None:
        self._store = store
        self._projection = projection

    async def get(self, key: str) -> Document | None:
        return (await self.documents()).get(key)

    async def find(
        self, query: Mapping[str, Any], *, sort: Sequence[tuple[str, int]], limit: int, skip: int = 0
    ) -> list[Document]:
        found = [document for document in (await self.documents()).values() if _matches(document, query)]
        for name, direction in reversed(sort):
            found.sort(key=lambda document: document[name], reverse=direction < 0)
        return found[skip : skip + limit]

    async def count(self, query: Mapping[str, Any]) -> int:
        return len(await self.find(query, sort=(), limit=1_000_000))

    async def wait_for(self, position: int, *, timeout_seconds: float) -> None:
        del position, timeout_seconds  # it is never behind

    async def documents(self) -> dict[str, Document]:
        documents: dict[str, Document | None] = {}
        for recorded in (await self._store.read_after(0, limit=10_000)).events:
            for key in self._projection.keys(recorded):
                documents[key] = self._projection.fold(key, documents.get(key), recorded)
        return {key: {"_id": key} | document for key, document in documents.items() if document is not None}


def _matches(document: Document, query: Mapping[str, Any]) -> bool:
    return all(_holds(document.get(name), asked) for name, asked in query.items())


def _holds(value: object, asked: object) -> bool:
    """Compare as the database does, for the few operators the service uses: a list holds what one of it holds."""
    if isinstance(value, list):
        return any(_holds(each, asked) for each in value)
    if not isinstance(asked, dict):
        return value == asked
    return all(_OPERATORS[operator](value, operand) for operator, operand in asked.items())


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$in": lambda value, wanted: value in wanted,
    "$gt": lambda value, limit: value is not None and value > limit,
    "$lte": lambda value, limit: value is not None and value <= limit,
    "$lt": lambda value, limit: value is not None and value < limit,
}


@dataclass
class MemoryRuns:
    """How far the notices of each month have come."""

    by_month: dict[Month, str] = field(default_factory=dict)

    async def reached(self, month: Month) -> str:
        return self.by_month.get(month, BEGINNING)

    async def note(self, month: Month, reached: str) -> None:
        self.by_month[month] = max(reached, self.by_month.get(month, BEGINNING))


@dataclass
class Service:
    """The app with everything a test may look at behind it."""

    clock: FixedClock = field(default_factory=FixedClock)
    ids: RandomIds = field(default_factory=RandomIds)
    log: MortalLog = field(init=False)
    real_store: EventStore | None = None
    keyring: InMemoryKeyring = field(default_factory=InMemoryKeyring)
    reservations: Reservations = field(default_factory=InMemoryReservations)
    counters: Counters = field(default_factory=InMemoryCounters)
    throttles: Throttling = field(default_factory=InMemoryThrottles)
    notice_runs: NoticeRuns = field(default_factory=MemoryRuns)
    import_reports: MemoryReports = field(default_factory=MemoryReports)
    import_bucket: MemoryBucket = field(default_factory=MemoryBucket)

    def __post_init__(self) -> None:
        self.log = MortalLog(self.clock)
        cipher = PersonalDataCipher(self.keyring)
        self.store = self.real_store or EventStore(self.log, JsonCodec(EVENTS, cipher, UPCASTERS))
        self.blind_index = BlindIndex(KEYS)
        self.read_models = ReadModels.over(lambda projection: FoldedView(self.store, projection))
        surroundings = Surroundings(
            store=self.store,
            clock=self.clock,
            ids=self.ids,
            cipher=cipher,
            reservations=self.reservations,
            blind_index=self.blind_index,
            read_models=self.read_models,
            number_look_ups=FoldedView(self.store, NumberLookUps(self.blind_index)),
            counters=self.counters,
            throttles=self.throttles,
            opening_lasts=timedelta(minutes=15),
            answer_days=AnswerDays(WorkingDays(), 10),
            notice_schedule=NoticeSchedule(),
            notice_runs=self.notice_runs,
            import_reports=self.import_reports,
            import_snapshots=InMemorySnapshots(),
            import_files=ImportFiles(self.import_bucket, cipher),
            card_codes=CardCodes(KEYS, lifetime=timedelta(minutes=5), clock=self.clock),
            export_files=ExportFiles(Press(PressLimits(wall_seconds=60, cpu_seconds=60))),
            export_check_address=CHECK_ADDRESS,
        )
        self.use_cases = build_use_cases(surroundings)
        edge = in_memory_edge(SERVICE, keys=KEYS, clock=self.clock, ids=self.ids)
        self.human_check = ProofOfWork(
            KEYS,
            InMemorySpentChallenges(),
            clock=self.clock,
            ids=self.ids,
            difficulty_bits=1,
            lifetime=timedelta(minutes=10),
        )
        public = PublicLookUps(
            human_check=self.human_check,
            reference=InMemoryReference(seed_entries()),
            pace=EvenPace(0),
        )
        self.app = http_app(
            self.use_cases,
            edge,
            import_reports=self.import_reports,
            read_models=self.read_models,
            public=public,
            clock=self.clock,
            ids=self.ids,
        )
        self.client = AsgiClient(self.app, issuer=AssertionIssuer(KEYS, clock=self.clock), audience=SERVICE)

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        caller: Caller | None = None,
        version: str | None = None,
        key: str | None = None,
        opening: str | None = None,
        proof: str | None = None,
        address: str | None = None,
    ) -> HttpAnswer:
        headers = {}
        if version is not None:
            headers["If-Match"] = version
        if opening is not None:
            headers["Record-Opening"] = opening
        if proof is not None:
            headers["Human-Proof"] = proof
        if address is not None:
            headers["X-Forwarded-For"] = address
        if method == "POST":
            headers["Idempotency-Key"] = key or self.ids.new_id()
        return await self.client.request(method, path, caller=caller or a_guest(), json_body=body, headers=headers)

    async def events(self) -> list[RecordedEvent]:
        return list((await self.store.read_after(0, limit=10_000)).events)

    async def event_types(self) -> list[str]:
        return [recorded.event.event_type for recorded in await self.events()]
