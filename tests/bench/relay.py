"""P-4: events from the log, confirmed by the broker, against bare confirmed publishes of the same bytes."""

import asyncio
import secrets
import statistics
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import ClassVar

import aio_pika
from aio_pika.abc import AbstractExchange
from ansinh_kit.cancellation import end_tasks
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.mongo.log import MongoCommitLog
from ansinh_kit.event_store.store import EventPage, EventStore
from ansinh_kit.events import DomainEvent, EventRegistry, Metadata, RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.messaging import topology
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.metrics import CONFIRMED
from ansinh_kit.messaging.outbound import Outbound, Parcel
from ansinh_kit.messaging.relay import Relay
from ansinh_kit.mongo import MongoClient, connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.personal_data.sealing import Sealer, public_keys_of
from ansinh_kit.publication import Publication
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, relative_spread

from tests.eventually import eventually

MESSAGES = 4000
STREAMS = 500
ROUNDS = 5
WINDOW = 100
TARGET = 0.8


class Noted(DomainEvent):
    event_type: ClassVar[str] = "noted"

    text: str


class NotedV1(IntegrationEvent):
    name: ClassVar[str] = "bench.noted"

    text: str


PUBLICATION = Publication("bench", {"reader": frozenset({NotedV1})})


class _TimedStore(EventStore):
    """Notes when the first page was asked for: there the relay's work begins."""

    began_at: float | None = None

    async def read_after(self, position: int, *, limit: int = 500) -> EventPage:
        self.began_at = self.began_at or time.perf_counter()
        return await super().read_after(position, limit=limit)


async def run(environment: Environment) -> list[Figure]:
    client = connect(environment.mongodb_url, app_name="bench")
    relayed, bare = [], []
    try:
        # One round of each to warm up, then in turns: what the machine does meanwhile hits both.
        for _ in range(ROUNDS + 1):
            bare.append(await _bare_round(environment))
            relayed.append(await _relay_round(environment, client))
    finally:
        client.close()
    return [_figure(relayed[1:], bare[1:])]


def _figure(relayed: list[float], bare: list[float]) -> Figure:
    ratios = [ours / floor for ours, floor in zip(relayed, bare, strict=True)]
    ratio = statistics.median(ratios)
    return Figure(
        id="P-4",
        name="relay: log to confirmed",
        value=statistics.median(relayed),
        unit="messages/s",
        target=f">= {TARGET}",
        met=ratio >= TARGET,
        floor=statistics.median(bare),
        ratio=ratio,
        n=len(ratios),
        spread=relative_spread(ratios),
        detail={
            "floor": f"aio-pika Exchange.publish, window {WINDOW}, same topology, bytes and headers",
            "messages per round": MESSAGES,
            "ratios": [round(one, 3) for one in ratios],
        },
    )


async def _bare_round(environment: Environment) -> float:
    async with _broker(environment) as broker:
        parcels = [_outbound(broker).pack(_recorded(number)) for number in range(MESSAGES)]
        channel = await broker.channel()
        await _declare(broker)
        exchange = await channel.get_exchange(topology.exchange_name(broker, "bench"), ensure=False)
        window = asyncio.Semaphore(WINDOW)
        began_at = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for parcel in parcels:
                if parcel is not None:
                    await window.acquire()
                    tasks.create_task(_publish(exchange, parcel)).add_done_callback(lambda _: window.release())
        return MESSAGES / (time.perf_counter() - began_at)


async def _publish(exchange: AbstractExchange, parcel: Parcel) -> None:
    message = aio_pika.Message(
        parcel.body,
        headers={**parcel.headers},
        content_type="application/json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=uuid.uuid4().hex,
    )
    await exchange.publish(message, topology.routing_key(NotedV1, parcel.partition), timeout=10)


async def _relay_round(environment: Environment, client: MongoClient) -> float:
    database = client.database(environment.new_database_name())
    log = MongoCommitLog(database)
    await log.start()
    store = _TimedStore(log, JsonCodec(EventRegistry.of([Noted]), PersonalDataCipher(InMemoryKeyring())))
    await _fill(store)
    confirmed = CONFIRMED.labels("bench")
    before = confirmed._value.get()
    async with _broker(environment) as broker:
        relay = Relay(
            store=store,
            database=database,
            broker=broker,
            publication=PUBLICATION,
            to_contract=_contract,
            sealer=_sealer(),
        )
        running = asyncio.create_task(relay.run())
        # Looked at every 20 ms: about one part in a hundred, to our disadvantage.
        await eventually(lambda: confirmed._value.get() - before >= MESSAGES, 120)
        ended_at = time.perf_counter()
        await end_tasks([running])
    await log.close()
    await client.drop_database(database.name)
    return MESSAGES / (ended_at - (store.began_at or ended_at))


async def _fill(store: EventStore) -> None:
    """Commits of two events, as most are."""

    async def fill(stream: int) -> None:
        for version in range(0, MESSAGES // STREAMS, 2):
            await store.append(
                f"note-{stream}",
                [Noted(text="x" * 300), Noted(text="y" * 300)],
                expected_version=version,
                commit_id=f"{stream}/{version}",
                metadata=Metadata(correlation_id=f"story-{stream}"),
            )

    await asyncio.gather(*(fill(stream) for stream in range(STREAMS)))


@asynccontextmanager
async def _broker(environment: Environment) -> AsyncIterator[Broker]:
    """A connected client; its queues are deleted afterwards."""
    broker = Broker(environment.amqp_url, name="bench", namespace=environment.new_namespace())
    running = asyncio.create_task(broker.run())
    try:
        yield broker
        channel = await broker.channel()
        for partition in range(PUBLICATION.partitions):
            await channel.queue_delete(topology.queue_name(broker, PUBLICATION, "reader", partition))
        await channel.queue_delete(topology.dead_queue_name(broker, PUBLICATION, "reader"))
        await channel.exchange_delete(topology.exchange_name(broker, "bench"))
    finally:
        await end_tasks([running])


async def _declare(broker: Broker) -> None:
    channel = await broker.channel()
    await topology.declare_exchange(channel, broker, "bench")
    await topology.declare_queues(channel, broker, PUBLICATION, "reader")
    await topology.bind(channel, broker, PUBLICATION, "reader", NotedV1.name)


def _recorded(number: int) -> RecordedEvent:
    return RecordedEvent(
        event=Noted(text="x" * 300),
        event_id=str(uuid.uuid4()),
        stream_id=f"note-{number % STREAMS}",
        version=1,
        position=number + 1,
        recorded_at=datetime.now(UTC),
        commit_id="bench",
        metadata=Metadata(correlation_id="story"),
    )


def _contract(recorded: RecordedEvent) -> IntegrationEvent | None:
    return NotedV1(text=recorded.event.text) if isinstance(recorded.event, Noted) else None


def _outbound(broker: Broker) -> Outbound:
    return Outbound(broker, PUBLICATION, to_contract=_contract, sealer=_sealer())


def _sealer() -> Sealer:
    return Sealer({"reader": public_keys_of(KeyList((NamedKey("bench", secrets.token_bytes(32)),)))})
