"""The composition root: what a process of this service is made of, built once, top to bottom."""

from dataclasses import dataclass
from typing import Final

from ansinh_kit.clock import Clock, IdGenerator, RandomIds, SystemClock
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import EventRegistry
from ansinh_kit.http.app import create_app
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.http.health import Readiness
from ansinh_kit.http.idempotency import Idempotency
from ansinh_kit.http.mongo_idempotency import MongoIdempotencyStore
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.mongo import Database, FileBucket, MongoClient, connect
from ansinh_kit.observability.metrics import Metrics
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.mongo_keyring import MongoKeyring
from ansinh_kit.personal_data.sealing import Sealer
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.view import View
from ansinh_kit.reservations import MongoReservations, Reservations
from fastapi import FastAPI

from registration.api.contexts import give_ids
from registration.api.declarant_routes import declarant_routes
from registration.api.errors import error_table
from registration.api.officer_routes import Queue, officer_routes
from registration.api.reference_routes import reference_routes
from registration.api.rule_texts import rule_texts
from registration.domain.access import ACCESS_EVENTS
from registration.domain.deadline import OfficeCalendar
from registration.domain.declaration.events import EVENTS
from registration.handlers.drafting import Drafting
from registration.handlers.overview import Overviews
from registration.handlers.reviewing import Reviewing
from registration.handlers.sending import Sending
from registration.projections.review_queue import ReviewQueue
from registration.settings import RegistrationSettings
from registration.storage.dossier_numbers import DossierNumbers, MongoDossierNumbers
from registration.storage.open_declarations import OpenDeclarations
from registration.storage.photo_cleaner import Cleaner, PhotoCleaner
from registration.storage.photos import BUCKET, Files, Photos
from registration.storage.reference import MongoReference, Reference, seed_agencies, seed_units

SERVICE: Final = "registration"
VERSION: Final = "0.1.0"

all_events: Final = EventRegistry.of((*EVENTS, *ACCESS_EVENTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the use cases stand on; tests give memory and a fixed clock."""

    store: EventStore
    clock: Clock
    ids: IdGenerator
    cipher: PersonalDataCipher
    files: Files
    reservations: Reservations
    numbers: DossierNumbers
    reference: Reference
    blind_index: BlindIndex
    queue: Queue
    calendar: OfficeCalendar
    cleaner: Cleaner


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What the HTTP side needs beside the use cases."""

    verifier: AssertionVerifier
    readiness: Readiness
    metrics: Metrics
    idempotency: Idempotency


def http_app(around: Surroundings, edge: Edge) -> FastAPI:
    photos = Photos(around.files, around.cipher, around.ids)
    open_declarations = OpenDeclarations(around.reservations, around.blind_index)
    drafting = Drafting(
        store=around.store,
        clock=around.clock,
        ids=around.ids,
        reference=around.reference,
        cleaner=around.cleaner,
        photos=photos,
        open_declarations=open_declarations,
    )
    sending = Sending(
        store=around.store,
        clock=around.clock,
        numbers=around.numbers,
        open_declarations=open_declarations,
        reference=around.reference,
        calendar=around.calendar,
    )
    reviewing = Reviewing(store=around.store, clock=around.clock, photos=photos)
    app = create_app(
        title="An Sinh Số: registration",
        version=VERSION,
        verifier=edge.verifier,
        readiness=edge.readiness,
        metrics=edge.metrics,
        idempotency=edge.idempotency,
        errors=error_table(),
        rules=rule_texts(),
        ids=around.ids,
    )
    give_ids(app, around.ids)
    app.include_router(declarant_routes(drafting=drafting, sending=sending, overviews=Overviews(around.store)))
    app.include_router(officer_routes(reviewing=reviewing, queue=around.queue, clock=around.clock))
    app.include_router(reference_routes(reference=around.reference, clock=around.clock))
    return app


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What `serve` runs. Nothing is connected yet."""

    settings: RegistrationSettings
    client: MongoClient
    database: Database
    log: MongoCommitLog
    around: Surroundings
    idempotency_keys: MongoIdempotencyStore
    broker: Broker
    sealer: Sealer
    projector: Projector
    metrics: Metrics
    readiness: Readiness

    async def prepare(self) -> None:
        """Make indexes and load the reference documents; bears being called again."""
        await self.idempotency_keys.prepare()
        await MongoReference(self.database).load(seed_agencies(), seed_units())


def build_process(settings: RegistrationSettings) -> Process:
    clock = SystemClock()
    client = connect(settings.mongodb_url.get_secret_value(), app_name=SERVICE)
    database = client.database(settings.database)
    keyring = MongoKeyring(client.database(settings.keyring_database), LocalKeyWrapper(settings.wrapping_keys))
    cipher = PersonalDataCipher(keyring)
    log = MongoCommitLog(database, clock=clock)
    store = EventStore(log, JsonCodec(all_events, cipher))
    queue = ReviewQueue()
    around = Surroundings(
        store=store,
        clock=clock,
        ids=RandomIds(),
        cipher=cipher,
        files=FileBucket(database, BUCKET),
        reservations=MongoReservations(database, clock=clock),
        numbers=MongoDossierNumbers(database),
        reference=MongoReference(database),
        blind_index=BlindIndex(settings.blind_index_keys),
        queue=View(database=database, projection=queue, cipher=cipher),
        calendar=settings.calendar(),
        cleaner=PhotoCleaner(settings.cleaning_limits()),
    )
    return Process(
        settings=settings,
        client=client,
        database=database,
        log=log,
        around=around,
        idempotency_keys=MongoIdempotencyStore(database, clock=clock),
        broker=Broker(settings.amqp_url.get_secret_value(), name=SERVICE, namespace=settings.namespace),
        sealer=Sealer(settings.sealing_public_keys),
        projector=Projector(store=store, database=database, projection=queue, cipher=cipher),
        metrics=Metrics(SERVICE),
        readiness=Readiness(),
    )


def build_api(process: Process) -> FastAPI:
    settings, around = process.settings, process.around
    edge = Edge(
        verifier=AssertionVerifier(settings.assertion_keys, service=SERVICE, clock=around.clock),
        readiness=process.readiness,
        metrics=process.metrics,
        idempotency=Idempotency(process.idempotency_keys, around.blind_index),
    )
    return http_app(around, edge)
