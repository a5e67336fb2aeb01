import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractConnection
from ansinh_kit.backoff import Backoff
from ansinh_kit.database import Database
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.messaging import topology
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.consumer import Consumer
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.relay import Relay
from ansinh_kit.messaging.retry import RetryPolicy
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.sealing import Opener, Sealer, public_keys_of
from ansinh_kit.testing.plain_codec import PlainCodec

from tests.kit.messaging.doubles import Recorder, running
from tests.kit.messaging.orders import ORDERS, REGISTRY, SECRETS, shipping, to_contract

SOON = Backoff(first_seconds=0.001, longest_seconds=0.01)


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url, app_name="messaging-test")
    yield client.database(database_name)
    client.close()


@pytest.fixture
async def parking(database: Database) -> Parking:
    parking = Parking(database)
    await parking.start()
    return parking


@pytest.fixture
def store() -> EventStore:
    return EventStore(InMemoryCommitLog(), PlainCodec(REGISTRY))


@pytest.fixture(scope="session")
def shipping_keys() -> KeyList:
    return KeyList((NamedKey("k1", secrets.token_bytes(32)),))


@pytest.fixture
def sealer(shipping_keys: KeyList) -> Sealer:
    return Sealer({"shipping": public_keys_of(shipping_keys)})


@pytest.fixture
def opener(shipping_keys: KeyList) -> Opener:
    return Opener("shipping", shipping_keys)


@pytest.fixture
def retry() -> RetryPolicy:
    return RetryPolicy(attempts=3, backoff=SOON)


@pytest.fixture
async def broker(amqp_url: str, broker_namespace: str) -> AsyncIterator[Broker]:
    """A running broker client; the queues and exchanges of its namespace are dropped afterwards."""
    broker = Broker(amqp_url, name="messaging-test", namespace=broker_namespace, backoff=SOON)
    async with running(broker.run()):
        yield broker
    await drop_topology(amqp_url, broker)


@pytest.fixture
def relay(store: EventStore, database: Database, broker: Broker, sealer: Sealer) -> Relay:
    return Relay(
        store=store,
        database=database,
        broker=broker,
        publication=ORDERS,
        to_contract=to_contract,
        sealer=sealer,
        backoff=SOON,
    )


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def consumer(broker: Broker, parking: Parking, opener: Opener, retry: RetryPolicy, recorder: Recorder) -> Consumer:
    return Consumer(broker, shipping(recorder), parking=parking, opener=opener, retry=retry)


@pytest.fixture
async def channel(amqp_url: str) -> AsyncIterator[AbstractChannel]:
    """A channel of the test's own, to look at queues and to publish what no relay would."""
    connection = await aio_pika.connect(amqp_url)
    yield await connection.channel(on_return_raises=True)
    await connection.close()


async def drop_topology(amqp_url: str, broker: Broker) -> None:
    """Delete what the test declared. The broker is thrown away with its data: a queue that does not go may stay."""
    queues = [topology.queue_name(broker, ORDERS, "shipping", number) for number in range(ORDERS.partitions)]
    queues += [topology.dead_queue_name(broker, ORDERS, "shipping"), topology.secret_queue_name(broker, SECRETS)]
    # A queue the broker has left dead (ADR-0003) never answers, and its channel is lost with the question.
    with suppress(TimeoutError):
        async with asyncio.timeout(20), await aio_pika.connect(amqp_url, timeout=5) as connection:
            await asyncio.gather(*(_delete(connection, queue) for queue in queues))
            channel = await connection.channel()
            await channel.exchange_delete(topology.exchange_name(broker, "orders"), timeout=5)


async def _delete(connection: AbstractConnection, queue: str) -> None:
    with suppress(TimeoutError):
        channel = await connection.channel()
        await channel.queue_delete(queue, timeout=5)
