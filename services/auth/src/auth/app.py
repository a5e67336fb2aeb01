"""The composition root: what a process of this service is made of, built once, top to bottom."""

from dataclasses import dataclass
from typing import Final

from ansinh_contracts.publications import SECRETS
from ansinh_kit.clock import Clock, RandomIds, SystemClock
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.http.app import create_app
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.http.health import Readiness
from ansinh_kit.http.idempotency import Idempotency, IdempotencyStore
from ansinh_kit.http.mongo_idempotency import MongoIdempotencyStore
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.secret_queue import SecretPublisher
from ansinh_kit.mongo import Database, MongoClient, connect
from ansinh_kit.observability.metrics import Metrics
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.mongo_keyring import MongoKeyring
from ansinh_kit.personal_data.sealing import Sealer
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper
from ansinh_kit.reservations import MongoReservations, Reservations
from fastapi import FastAPI

from auth.api.activation import activation_routes
from auth.api.internal import internal_routes
from auth.api.me import me_routes
from auth.api.sessions import session_routes
from auth.api.take_overs import take_over_routes
from auth.api.texts import ERRORS, RULES
from auth.domain.common_passwords import common_passwords
from auth.domain.passwords import PasswordRules
from auth.handlers.activation_started import ActivationLimits
from auth.handlers.log_in_guard import GuessLimits
from auth.settings import AuthSettings
from auth.storage.breached_passwords import read_breached_passwords
from auth.storage.password_hashing import HashingPool
from auth.use_cases import EVENTS, Rules, Surroundings, UseCases, build_use_cases

SERVICE: Final = "auth"
VERSION: Final = "0.1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What `serve` runs and `bootstrap-staff` borrows from. Nothing is connected yet."""

    settings: AuthSettings
    client: MongoClient
    database: Database
    log: MongoCommitLog
    store: EventStore
    reservations: Reservations
    broker: Broker
    sealer: Sealer
    secrets: SecretPublisher
    pool: HashingPool
    metrics: Metrics
    readiness: Readiness
    clock: Clock
    blind_index: BlindIndex
    use_cases: UseCases


def build_process(settings: AuthSettings) -> Process:
    clock = SystemClock()
    metrics = Metrics(SERVICE)
    client = connect(settings.mongodb_url.get_secret_value(), app_name=SERVICE)
    database = client.database(settings.database)
    keyring = MongoKeyring(client.database(settings.keyring_database), LocalKeyWrapper(settings.wrapping_keys))
    cipher = PersonalDataCipher(keyring)
    log = MongoCommitLog(database, clock=clock)
    store = EventStore(log, JsonCodec(EVENTS, cipher))
    reservations = MongoReservations(database, clock=clock)
    blind_index = BlindIndex(settings.blind_index_keys)
    broker = Broker(settings.amqp_url.get_secret_value(), name=SERVICE, namespace=settings.namespace)
    sealer = Sealer(settings.sealing_public_keys)
    secrets = SecretPublisher(broker, SECRETS, sealer=sealer, clock=clock)
    pool = HashingPool(threads=settings.hashing_threads, wait_seconds=settings.hashing_wait_seconds)
    surroundings = Surroundings(
        database=database,
        store=store,
        reservations=reservations,
        cipher=cipher,
        blind_index=blind_index,
        carrier=secrets,
        clock=clock,
        ids=RandomIds(),
        registry=metrics.registry,
    )
    return Process(
        settings=settings,
        client=client,
        database=database,
        log=log,
        store=store,
        reservations=reservations,
        broker=broker,
        sealer=sealer,
        secrets=secrets,
        pool=pool,
        metrics=metrics,
        readiness=Readiness(),
        clock=clock,
        blind_index=blind_index,
        use_cases=build_use_cases(surroundings, _rules(settings), pool),
    )


def build_api(process: Process) -> tuple[FastAPI, MongoIdempotencyStore]:
    """Return the HTTP side, and the store of idempotency keys, whose index is still to be made."""
    keys = MongoIdempotencyStore(process.database, clock=process.clock)
    app = http_app(
        process.use_cases,
        verifier=AssertionVerifier(process.settings.assertion_keys, service=SERVICE, clock=process.clock),
        readiness=process.readiness,
        metrics=process.metrics,
        idempotency_store=keys,
        blind_index=process.blind_index,
        clock=process.clock,
    )
    return app, keys


def http_app(
    use_cases: UseCases,
    *,
    verifier: AssertionVerifier,
    readiness: Readiness,
    metrics: Metrics,
    idempotency_store: IdempotencyStore,
    blind_index: BlindIndex,
    clock: Clock,
) -> FastAPI:
    app = create_app(
        title="An Sinh Số: auth",
        version=VERSION,
        verifier=verifier,
        readiness=readiness,
        metrics=metrics,
        idempotency=Idempotency(idempotency_store, blind_index),
        errors=ERRORS,
        rules=RULES,
    )
    app.include_router(
        activation_routes(start=use_cases.start_activation, complete=use_cases.complete_activation),
    )
    app.include_router(
        session_routes(log_in=use_cases.log_in, staff_log_in=use_cases.staff_log_in, sessions=use_cases.sessions),
    )
    app.include_router(take_over_routes(use_cases.take_overs))
    app.include_router(me_routes(use_cases.who_am_i))
    app.include_router(internal_routes(lookup=use_cases.lookup, clock=clock))
    return app


def _rules(settings: AuthSettings) -> Rules:
    breached = read_breached_passwords(settings.breached_passwords_file, shortest=settings.password_shortest)
    return Rules(
        peppers=settings.password_peppers,
        code_keys=settings.code_keys,
        passwords=PasswordRules(shortest=settings.password_shortest, common=common_passwords() | breached),
        codes=settings.code_rules(),
        lifetimes=settings.lifetimes(),
        guesses=GuessLimits(in_a_row=settings.wrong_passwords_in_a_row),
        activation=ActivationLimits(),
    )
