"""The service in this process: production wiring over memory, a clock that stands still, no server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from ansinh_kit.clock import RandomIds
from ansinh_kit.counters import InMemoryCounters
from ansinh_kit.database import Document, FileMissingError
from ansinh_kit.decider import load
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent
from ansinh_kit.http.assertion import AssertionIssuer, Caller
from ansinh_kit.http.even_pace import EvenPace
from ansinh_kit.human_check.proof_of_work import ProofOfWork
from ansinh_kit.human_check.spent import InMemorySpentChallenges
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import StoredFile
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.projections.folding import fold_events
from ansinh_kit.reservations import InMemoryReservations, Reservations
from ansinh_kit.testing.asgi_client import AsgiClient, HttpAnswer
from ansinh_kit.testing.callers import a_guest, an_officer
from ansinh_kit.testing.clock import FixedClock
from ansinh_kit.testing.edge import in_memory_edge
from ansinh_kit.throttling.memory import InMemoryThrottles
from PIL import Image
from registration.app import SERVICE, http_app
from registration.domain.deadline import DeadlineRule, OfficeCalendar
from registration.domain.declaration.decide import declaration_decider
from registration.domain.declaration.events import PhotoAttached
from registration.domain.photos import PHOTO_KINDS, PhotoKind, PhotoRefusedError
from registration.events import EVENTS, UPCASTERS
from registration.handlers.context import declaration_stream
from registration.handlers.dossier_look_up import DossierLookUp
from registration.handlers.naming import Naming
from registration.projections.declared_numbers import DeclaredNumbers
from registration.projections.dossiers import Dossiers
from registration.projections.review_queue import ReviewQueue
from registration.public_look_ups import PublicLookUps
from registration.storage.dossier_numbers import DossierNumbers
from registration.storage.photo_cleaner import Cleaner
from registration.storage.photo_process import CleanPhoto, RefusedError, clean
from registration.storage.photos import Files
from registration.storage.reference import InMemoryReference, Reference, seed_agencies, seed_units
from registration.use_cases import Surroundings, build_use_cases

from tests.registration import builders

KEYS = KeyList((NamedKey("test", b"k" * 32),))
OFFICER = an_officer(account_id="officer-a", agency_code=builders.AGENCY)
COLLEAGUE = an_officer(account_id="officer-b", agency_code=builders.AGENCY)
STRANGER = an_officer(account_id="officer-c", agency_code="07901")
CALENDAR = OfficeCalendar(rules=[DeadlineRule(date(2017, 3, 1), 3)])


class InMemoryFiles:
    """Files in this process only; held to the same contract as the bucket."""

    def __init__(self) -> None:
        self.files: dict[str, StoredFile] = {}

    async def put(self, file_id: str, content: bytes, *, metadata: Mapping[str, Any]) -> None:
        self.files[file_id] = StoredFile(content, dict(metadata))

    async def get(self, file_id: str) -> StoredFile:
        try:
            return self.files[file_id]
        except KeyError as error:
            raise FileMissingError(file_id) from error

    async def delete(self, file_id: str) -> None:
        self.files.pop(file_id, None)


class CleanerInThisProcess:
    """The same look at an upload without the process around it: a second faster for each test."""

    async def clean(self, kind: PhotoKind, upload: bytes) -> CleanPhoto:
        try:
            return clean(upload)
        except RefusedError as refusal:
            raise PhotoRefusedError(kind, refusal.rule) from refusal


class FoldedQueue:
    """The queue folded anew for every question: the projection's own code, without a projector."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._projection = ReviewQueue()

    async def find(
        self, query: Mapping[str, Any], *, sort: Sequence[tuple[str, int]], limit: int, skip: int = 0
    ) -> list[Document]:
        del sort
        found = [document for document in await self._documents() if query.items() <= document.items()]
        return sorted(found, key=lambda document: (document["due_at"], document["declaration_id"]))[skip : skip + limit]

    async def count(self, query: Mapping[str, Any]) -> int:
        return len([document for document in await self._documents() if query.items() <= document.items()])

    async def _documents(self) -> list[Document]:
        documents: dict[str, Document | None] = {}
        for recorded in (await self._store.read_after(0, limit=10_000)).events:
            for key in self._projection.keys(recorded):
                documents[key] = self._projection.fold(key, documents.get(key), recorded)
        return [document for document in documents.values() if document is not None]


class FoldedDossiers:
    """The read model `dossiers`, likewise."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def get(self, key: str) -> Document | None:
        events = (await self._store.read_after(0, limit=10_000)).events
        folded = fold_events(Dossiers(), {}, events).get(key)
        return None if folded is None else folded.document


class FoldedNumbers:
    """The read model `declared_numbers`, likewise."""

    def __init__(self, store: EventStore, blind_index: BlindIndex) -> None:
        self._store = store
        self._projection = DeclaredNumbers(blind_index)

    async def find(
        self, query: Mapping[str, Any], *, sort: Sequence[tuple[str, int]], limit: int, skip: int = 0
    ) -> list[Document]:
        del sort
        wanted = set(query["keys"]["$in"])
        found = [each for each in (await self.documents()).values() if not wanted.isdisjoint(each["keys"])]
        return found[skip : skip + limit]

    async def wait_for(self, position: int, *, timeout_seconds: float) -> None:
        del position, timeout_seconds  # it is never behind

    async def documents(self) -> dict[str, Document]:
        documents: dict[str, Document | None] = {}
        for recorded in (await self._store.read_after(0, limit=10_000)).events:
            for key in self._projection.keys(recorded):
                documents[key] = self._projection.fold(key, documents.get(key), recorded)
        return {key: document for key, document in documents.items() if document is not None}


def jpeg(*, width: int = 640, height: int = 480, colour: str = "teal") -> bytes:
    written = BytesIO()
    Image.new("RGB", (width, height), colour).save(written, "JPEG")
    return written.getvalue()


@dataclass
class Declared:
    """A declaration over HTTP, and who holds it."""

    declaration_id: str
    token: str
    answer: HttpAnswer

    @property
    def path(self) -> str:
        return f"/v1/declarations/{self.declaration_id}"

    @property
    def officer_path(self) -> str:
        return f"/v1/officer/declarations/{self.declaration_id}"


@dataclass
class Service:
    """The app with everything a test may look at behind it."""

    clock: FixedClock = field(default_factory=FixedClock)
    cleaner: Cleaner = field(default_factory=CleanerInThisProcess)
    ids: RandomIds = field(default_factory=RandomIds)
    files: Files = field(default_factory=InMemoryFiles)
    log: InMemoryCommitLog = field(default_factory=InMemoryCommitLog)
    keyring: InMemoryKeyring = field(default_factory=InMemoryKeyring)
    numbers: DossierNumbers = field(default_factory=lambda: DossierNumbers(InMemoryCounters()))
    reservations: Reservations = field(default_factory=InMemoryReservations)
    reference: Reference = field(default_factory=lambda: InMemoryReference(seed_agencies(), seed_units()))

    def __post_init__(self) -> None:
        cipher = PersonalDataCipher(self.keyring)
        self.store = EventStore(self.log, JsonCodec(EVENTS, cipher, UPCASTERS))
        surroundings = Surroundings(
            store=self.store,
            clock=self.clock,
            ids=self.ids,
            cipher=cipher,
            files=self.files,
            reservations=self.reservations,
            numbers=self.numbers,
            reference=self.reference,
            blind_index=BlindIndex(KEYS),
            calendar=CALENDAR,
            cleaner=self.cleaner,
        )
        self.declared_numbers = FoldedNumbers(self.store, BlindIndex(KEYS))
        self.naming = Naming(store=self.store, declared=self.declared_numbers, blind_index=BlindIndex(KEYS))
        self.human_check = ProofOfWork(
            KEYS,
            InMemorySpentChallenges(),
            clock=self.clock,
            ids=self.ids,
            difficulty_bits=1,
            lifetime=timedelta(minutes=10),
        )
        dossiers = DossierLookUp(
            store=self.store,
            dossiers=FoldedDossiers(self.store),
            throttles=InMemoryThrottles(),
            blind_index=BlindIndex(KEYS),
            clock=self.clock,
        )
        self.app = http_app(
            build_use_cases(surroundings),
            in_memory_edge(SERVICE, keys=KEYS, clock=self.clock, ids=self.ids),
            queue=FoldedQueue(self.store),
            reference=self.reference,
            public=PublicLookUps(human_check=self.human_check, pace=EvenPace(0), dossiers=dossiers),
            clock=self.clock,
        )
        self.client = AsgiClient(self.app, issuer=AssertionIssuer(KEYS, clock=self.clock), audience=SERVICE)

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        caller: Caller | None = None,
        token: str | None = None,
        version: str | None = None,
        key: str | None = None,
        raw: bytes | None = None,
        proof: str | None = None,
    ) -> HttpAnswer:
        headers = {} if token is None else {"Declaration-Token": token}
        if proof is not None:
            headers["Human-Proof"] = proof
        if version is not None:
            headers["If-Match"] = version
        if method == "POST":
            headers["Idempotency-Key"] = key or self.ids.new_id()
        return await self.client.request(
            method, path, caller=caller or a_guest(), json_body=body, body=raw, headers=headers
        )

    async def start(self) -> Declared:
        answer = await self.ask("POST", "/v1/declarations", {"language": "vi"})
        return Declared(answer.json()["declaration_id"], answer.json()["declaration_token"], answer)

    async def fill_in(self, declared: Declared, **changes: object) -> HttpAnswer:
        body = builders.entries(**changes).model_dump(mode="json")
        return await self.ask("PUT", declared.path, body, token=declared.token)

    async def attach(self, declared: Declared, kind: str, raw: bytes | None = None) -> HttpAnswer:
        return await self.ask("PUT", f"{declared.path}/photos/{kind}", raw=raw or jpeg(), token=declared.token)

    async def drafted(self, **changes: object) -> Declared:
        declared = await self.start()
        assert (await self.fill_in(declared, **changes)).status == 200
        for kind in PHOTO_KINDS:
            assert (await self.attach(declared, kind)).status == 200
        return declared

    async def drafted_without_looking_at_photos(self, **changes: object) -> Declared:
        """Return a complete draft quickly: its photos are recorded as if they had been looked at."""
        declared = await self.start()
        assert (await self.fill_in(declared, **changes)).status == 200
        stream = declaration_stream(declared.declaration_id)
        loaded = await load(self.store, stream, declaration_decider)
        ids = {"declaration_id": declared.declaration_id, "person_id": loaded.state.person_id}
        attached = [
            PhotoAttached(**ids, occurred_at=self.clock.now(), kind=kind, photo=builders.photo())
            for kind in PHOTO_KINDS
        ]
        await self.store.append(
            stream,
            attached,
            expected_version=loaded.version,
            commit_id=self.ids.new_id(),
            metadata=Metadata(correlation_id="test"),
        )
        return declared

    async def send(self, declared: Declared, *, key: str | None = None, verb: str = "submit") -> HttpAnswer:
        return await self.ask("POST", f"{declared.path}/{verb}", token=declared.token, key=key)

    async def submitted(self, **changes: object) -> Declared:
        declared = await self.drafted(**changes)
        declared.answer = await self.send(declared)
        assert declared.answer.status == 200, declared.answer.body
        return declared

    async def checking(self) -> Declared:
        declared = await self.submitted()
        declared.answer = await self.ask("POST", f"{declared.officer_path}/claim", caller=OFFICER)
        assert declared.answer.status == 200
        return declared

    async def decide(self, declared: Declared, body: object, *, caller: Caller = OFFICER) -> HttpAnswer:
        version = declared.answer.headers["etag"]
        return await self.ask("POST", f"{declared.officer_path}/decision", body, caller=caller, version=version)

    async def rejected(self, *fields: str) -> Declared:
        declared = await self.checking()
        reasons = [{"field": name, "code": "other", "text": "Xin xem lại."} for name in fields]
        declared.answer = await self.decide(declared, {"decision": "rejected", "reasons": reasons})
        assert declared.answer.status == 200
        return declared

    async def events(self) -> list[RecordedEvent]:
        return list((await self.store.read_after(0, limit=10_000)).events)

    async def event_types(self) -> list[str]:
        return [recorded.event.event_type for recorded in await self.events()]

    async def last_event(self) -> DomainEvent:
        return (await self.events())[-1].event
