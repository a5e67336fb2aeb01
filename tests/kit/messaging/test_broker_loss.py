"""What happens when the connection, a channel or a queue goes away: everything comes back by itself."""

from collections.abc import AsyncIterator

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.channel import Channel as ClientChannel
from ansinh_kit.backoff import Backoff
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.messaging import reading, topology
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.consumer import Consumer
from ansinh_kit.messaging.metrics import RELAY_LAG_SECONDS
from ansinh_kit.messaging.relay import Relay

from tests.eventually import eventually
from tests.kit.messaging.conftest import drop_topology
from tests.kit.messaging.doubles import Recorder, running
from tests.kit.messaging.fault_proxy import FaultProxy
from tests.kit.messaging.orders import ORDERS, OrderPaid, record

STREAMS = tuple(f"order-{number}" for number in range(6))


@pytest.fixture
async def proxy(amqp_url: str) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(amqp_url).serving() as proxy:
        yield proxy


@pytest.fixture
async def broker(proxy: FaultProxy, amqp_url: str, broker_namespace: str) -> AsyncIterator[Broker]:
    """A broker client behind the proxy."""
    broker = Broker(proxy.url, name="messaging-test", namespace=broker_namespace, backoff=Backoff(0.05, 0.2))
    async with running(broker.run()):
        yield broker
    await drop_topology(amqp_url, broker)


def first_deliveries(recorder: Recorder, stream_id: str) -> list[int]:
    """Return the stream's numbers without second deliveries."""
    return list(dict.fromkeys(recorder.numbers(stream_id)))


@pytest.mark.sec("F-12")
async def test_connections_cut_under_load_lose_nothing_and_keep_every_stream_in_order(
    relay: Relay, consumer: Consumer, recorder: Recorder, store: EventStore, proxy: FaultProxy
) -> None:
    async with running(relay.run(), consumer.run()):
        for number in range(60):
            for stream in STREAMS:
                await record(store, stream, OrderPaid(number=number))
            if number % 10 == 5:
                await _arrives_over_a_new_connection(recorder, proxy, cuts=number // 10)
                proxy.cut()
        await eventually(lambda: all(first_deliveries(recorder, stream) == list(range(60)) for stream in STREAMS), 30)


async def _arrives_over_a_new_connection(recorder: Recorder, proxy: FaultProxy, *, cuts: int) -> None:
    await eventually(lambda: proxy.accepted == cuts + 1, 20)
    seen = len(recorder.seen)
    await eventually(lambda: len(recorder.seen) > seen, 20)


@pytest.mark.sec("F-12")
async def test_readiness_tells_of_a_lost_broker_and_of_its_return(
    broker: Broker, consumer: Consumer, proxy: FaultProxy
) -> None:
    async with running(consumer.run()):
        await eventually(lambda: broker.ready and consumer.ready)
        proxy.refusing = True
        proxy.cut()
        await eventually(lambda: not broker.ready and not consumer.ready)
        proxy.refusing = False
        await eventually(lambda: broker.ready and consumer.ready)


async def test_a_consumer_whose_queue_was_deleted_reads_the_new_one(
    relay: Relay, consumer: Consumer, recorder: Recorder, store: EventStore, channel: AbstractChannel
) -> None:
    queue = topology.queue_name(relay._broker, ORDERS, "shipping", ORDERS.partition_of("order-1"))
    async with running(consumer.run()):
        await eventually(lambda: consumer.ready)
        await channel.queue_delete(queue)
        # The reader is told, declares the queue again by itself, and reads it.
        await eventually(lambda: not consumer.ready)
        await eventually(lambda: consumer.ready, 30)
        async with running(relay.run()):
            await record(store, "order-1", OrderPaid(number=1))
            await eventually(lambda: recorder.numbers() == [1], 30)


async def test_a_consumer_the_broker_forgot_without_a_word_subscribes_again(
    consumer: Consumer, broker: Broker, amqp_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_LOOK_AFTER_SECONDS", 1.0)
    queue = topology.queue_name(broker, ORDERS, "shipping", 0)
    async with running(consumer.run()):
        await eventually(lambda: consumer.ready)
        assert broker._connection is not None
        assert broker._connection.transport is not None
        # Behind the consumer's back, as a broker that loses track of it would.
        for one in broker._connection.transport.connection.channels.values():
            if isinstance(one, ClientChannel):
                await one.basic_cancel(next(iter(one.consumers)), nowait=True)
        await eventually(lambda: _is_unread(amqp_url, queue))
        await eventually(lambda: _is_read(amqp_url, queue))


async def _is_unread(amqp_url: str, name: str) -> bool:
    return not await _is_read(amqp_url, name)


async def _is_read(amqp_url: str, name: str) -> bool:
    """Ask over a connection of its own: once, a look that shared one waited for its answer until the test's end."""
    async with await aio_pika.connect(amqp_url, timeout=5) as connection, connection.channel() as channel:
        declared = await channel.declare_queue(name, passive=True, timeout=5)
        return bool(declared.declaration_result.consumer_count)


@pytest.mark.sec("F-13")
async def test_while_nothing_can_be_published_the_lag_grows(
    relay: Relay, store: EventStore, proxy: FaultProxy, broker: Broker
) -> None:
    lag = RELAY_LAG_SECONDS.labels("orders")
    async with running(relay.run()):
        await eventually(lambda: broker.ready)
        await record(store, "order-1", OrderPaid(number=1))
        await eventually(lambda: lag._value.get() == 0)
        proxy.refusing = True
        proxy.cut()
        await eventually(lambda: not broker.ready)
        await record(store, "order-1", OrderPaid(number=2))
        await eventually(lambda: lag._value.get() > 0)
        proxy.refusing = False
        await eventually(lambda: lag._value.get() == 0)
