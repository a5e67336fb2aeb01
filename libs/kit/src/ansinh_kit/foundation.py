"""What every service with its own log stands on, built and registered in the same way in each."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from ansinh_kit.clock import Clock, IdGenerator, RandomIds, SystemClock
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.event_store.upcasting import Upcasters
from ansinh_kit.events import EventRegistry
from ansinh_kit.http.app import Edge
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.http.health import Readiness, ready_when
from ansinh_kit.http.idempotency import Idempotency
from ansinh_kit.http.mongo_idempotency import MongoIdempotencyStore
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.consumer import Consumer
from ansinh_kit.messaging.outbound import ToContract
from ansinh_kit.messaging.parked_remains import LOOK_EVERY_SECONDS, ParkedRemains
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.relay import Relay
from ansinh_kit.messaging.secret_queue import SecretConsumer
from ansinh_kit.messaging.subscription import Subscription
from ansinh_kit.mongo import Database, MongoClient, connect
from ansinh_kit.observability.metrics import Metrics
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.mongo_keyring import MongoKeyring
from ansinh_kit.personal_data.sealing import Opener, Sealer
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper
from ansinh_kit.projections.follower import Follower
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.projector import Projector
from ansinh_kit.publication import Publication
from ansinh_kit.runtime import Runtime
from ansinh_kit.settings import ServiceSettings
from ansinh_kit.supervision import repeatedly


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """The parts that do not depend on what a service is about. Nothing is connected before a runtime starts them."""

    service: str
    clock: Clock
    ids: IdGenerator
    client: MongoClient
    database: Database
    log: MongoCommitLog
    store: EventStore
    cipher: PersonalDataCipher
    blind_index: BlindIndex
    idempotency_keys: MongoIdempotencyStore
    broker: Broker
    sealer: Sealer
    opener: Opener
    parking: Parking
    edge: Edge

    def runtime(self) -> Runtime:
        """Return a runtime that starts log and indexes first and closes the log last."""
        runtime = Runtime(self.service, metrics=self.edge.metrics, readiness=self.edge.readiness)
        runtime.check("mongodb", self.client.ping)
        runtime.on_start(self.log.start)
        runtime.on_start(self.idempotency_keys.prepare)
        runtime.on_stop(self.log.close)
        return runtime

    def join_bus(
        self,
        runtime: Runtime,
        publication: Publication,
        to_contract: ToContract,
        subscriptions: Iterable[Subscription],
    ) -> None:
        """Let `runtime` keep the connection to the broker, publish this service's log, and hear what it subscribed."""
        runtime.background("broker", self.broker.run)
        runtime.check("broker_connection", ready_when(lambda: self.broker.ready, otherwise="no connection"))
        relay = Relay(
            store=self.store,
            database=self.database,
            broker=self.broker,
            publication=publication,
            to_contract=to_contract,
            sealer=self.sealer,
            clock=self.clock,
        )
        runtime.background("relay", relay.run)
        remains = ParkedRemains(self.parking, self.cipher)
        runtime.background("parked_remains", partial(repeatedly, remains.remove, every_seconds=LOOK_EVERY_SECONDS))
        for subscription in subscriptions:
            consumer = Consumer(self.broker, subscription, parking=self.parking, opener=self.opener)
            self.read(runtime, subscription.producer, consumer)

    def follow(self, runtime: Runtime, projections: Iterable[Projection]) -> None:
        """Let `runtime` keep these read models current; readiness says so when one cannot take its events."""
        projectors = [self.projector(projection) for projection in projections]
        follower = Follower(store=self.store, database=self.database, projectors=projectors)
        runtime.background("read_models", follower.run)
        for view in follower.views:
            runtime.check(f"read_model_{view.projector.name}", view.check)

    def projector(self, projection: Projection) -> Projector:
        return Projector(store=self.store, database=self.database, projection=projection, cipher=self.cipher)

    def read(self, runtime: Runtime, source: str, reader: Consumer | SecretConsumer) -> None:
        """Let `runtime` keep `reader` at its queues; readiness says so when one of them is not being read."""
        runtime.background(f"consumer_{source}", reader.run)
        runtime.check(f"queues_of_{source}", ready_when(lambda: reader.ready, otherwise="not being read"))


def build_foundation(
    service: str, settings: ServiceSettings, events: EventRegistry, upcasters: Upcasters | None = None
) -> Foundation:
    clock, ids = SystemClock(), RandomIds()
    client = connect(settings.mongodb_url.get_secret_value(), app_name=service)
    database = client.database(settings.database)
    keyring = MongoKeyring(client.database(settings.keyring_database), LocalKeyWrapper(settings.wrapping_keys))
    cipher = PersonalDataCipher(keyring)
    blind_index = BlindIndex(settings.blind_index_keys)
    log = MongoCommitLog(database, clock=clock)
    idempotency_keys = MongoIdempotencyStore(database, clock=clock)
    edge = Edge(
        verifier=AssertionVerifier(settings.assertion_keys, service=service, clock=clock),
        readiness=Readiness(),
        metrics=Metrics(service),
        idempotency=Idempotency(idempotency_keys, blind_index),
        ids=ids,
    )
    return Foundation(
        service=service,
        clock=clock,
        ids=ids,
        client=client,
        database=database,
        log=log,
        store=EventStore(log, JsonCodec(events, cipher, upcasters)),
        cipher=cipher,
        blind_index=blind_index,
        idempotency_keys=idempotency_keys,
        broker=Broker(settings.amqp_url.get_secret_value(), name=service, namespace=settings.namespace),
        sealer=Sealer(settings.sealing_public_keys),
        opener=Opener(service, settings.sealing_private_key),
        parking=Parking(database, clock=clock),
        edge=edge,
    )
