"""From a producer's log into a consumer's handler, over a real broker; and what is not as agreed, parked."""

import json
from dataclasses import dataclass
from typing import Any

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from ansinh_kit.database import Database
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.messaging import topology
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.consumer import Consumer
from ansinh_kit.messaging.envelope import LARGEST_ENVELOPE_BYTES
from ansinh_kit.messaging.errors import PermanentError, TransientError
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.relay import Relay
from ansinh_kit.messaging.replay import NotReplayableError, ParkedMessageNotFoundError, Replayer
from ansinh_kit.messaging.retry import RetryPolicy
from ansinh_kit.personal_data.sealing import Opener, Sealer

from tests.eventually import eventually
from tests.kit.messaging.doubles import Recorder, running
from tests.kit.messaging.orders import (
    ORDERS,
    OrderPaid,
    OrderPlaced,
    OrderPlacedV1,
    envelopes,
    record,
    shipping,
)


@dataclass
class Consuming:
    """A consumer and what surrounds it."""

    consumer: Consumer
    recorder: Recorder
    parking: Parking
    broker: Broker
    channel: AbstractChannel


@pytest.fixture
def consuming(
    consumer: Consumer, recorder: Recorder, parking: Parking, broker: Broker, channel: AbstractChannel
) -> Consuming:
    return Consuming(consumer, recorder, parking, broker, channel)


async def send(channel: AbstractChannel, broker: Broker, body: bytes, *, stream_id: str = "order-1") -> None:
    """Put into the stream's queue what no relay would."""
    queue = topology.queue_name(broker, ORDERS, "shipping", ORDERS.partition_of(stream_id))
    await channel.default_exchange.publish(aio_pika.Message(body, headers={"stream_id": stream_id}), queue)


async def test_an_event_arrives_with_its_sealed_field_opened(
    relay: Relay, consumer: Consumer, recorder: Recorder, store: EventStore
) -> None:
    (recorded,) = await record(store, "order-1", OrderPlaced(number=7, address="12 Hang Bai"))
    async with running(relay.run(), consumer.run()):
        (incoming,) = await eventually(lambda: recorder.seen)
    assert incoming == IncomingEvent(
        event=OrderPlacedV1(number=7, address="12 Hang Bai"),
        event_id=recorded.event_id,
        stream_id="order-1",
        stream_version=1,
        position=1,
        occurred_at=recorded.recorded_at,
        correlation_id="story of order-1",
        causation_id="a click",
    )


async def test_events_of_many_streams_arrive_each_stream_in_order(
    relay: Relay, consumer: Consumer, recorder: Recorder, store: EventStore
) -> None:
    streams = [f"order-{number}" for number in range(20)]
    for number in range(10):
        for stream in streams:
            await record(store, stream, OrderPaid(number=2 * number), OrderPaid(number=2 * number + 1))
    # Failures within the stream: what comes later waits.
    recorder.failures[7] = [TransientError()] * 2
    async with running(relay.run(), consumer.run()):
        await eventually(lambda: len(recorder.seen) >= 400, 30)
    assert {stream: recorder.numbers(stream) for stream in streams} == {stream: list(range(20)) for stream in streams}


async def test_a_subscriber_that_never_ran_misses_nothing(
    relay: Relay, consumer: Consumer, recorder: Recorder, store: EventStore, database: Database
) -> None:
    await record(store, "order-1", OrderPaid(number=1))
    async with running(relay.run()):
        await eventually(lambda: _is_relayed(database))
    async with running(consumer.run()):
        await eventually(lambda: recorder.numbers() == [1])


async def _is_relayed(database: Database) -> bool:
    return await database["relays"].find_one({"_id": "orders", "position": 1}) is not None


async def test_what_a_handler_was_interrupted_in_comes_again(
    relay: Relay, broker: Broker, parking: Parking, opener: Opener, store: EventStore
) -> None:
    recorder = Recorder()
    stuck = Consumer(broker, shipping(recorder), parking=parking, opener=opener, retry=RetryPolicy(attempts=10**9))
    recorder.failures[1] = [TransientError()] * 10**4
    await record(store, "order-1", OrderPaid(number=1), OrderPaid(number=2))
    async with running(relay.run(), stuck.run()):
        await eventually(lambda: recorder.calls)
    recorder.failures.clear()
    free = Consumer(broker, shipping(recorder), parking=parking, opener=opener)
    async with running(free.run()):
        await eventually(lambda: recorder.numbers() == [1, 2])


@pytest.mark.sec("F-25")
async def test_what_cannot_be_read_is_parked_and_the_rest_goes_on(
    relay: Relay, consuming: Consuming, store: EventStore, sealer: Sealer
) -> None:
    poisons = await _poisons(store, sealer)
    async with running(relay.run(), consuming.consumer.run()):
        await eventually(lambda: consuming.consumer.ready)
        for body in poisons.values():
            await send(consuming.channel, consuming.broker, body)
        await eventually(lambda: _count(consuming.parking, len(poisons)), 20)
        await record(store, "order-1", OrderPaid(number=3))
        await eventually(lambda: consuming.recorder.numbers("order-1") == [1, 3])
    assert {message.reason for message in await consuming.parking.list()} == set(poisons)


async def _poisons(store: EventStore, sealer: Sealer) -> dict[str, bytes]:
    """Return one message for each reason why it cannot be read. Leaves one good event, number 1, in the log."""
    (good,) = await envelopes(store, sealer, "order-1", OrderPlaced(number=1, address="here"))

    def poison(event_id: str, **fields: Any) -> bytes:  # noqa: ANN401 - any JSON value
        return json.dumps(
            json.loads(good.to_bytes()) | {"event_id": event_id, "stream_id": event_id, "sealed": {}} | fields
        ).encode()

    return {
        "not_an_envelope": b"{",
        "too_large": b"x" * (10 * LARGEST_ENVELOPE_BYTES),
        "unknown_event": poison("p1", name="orders.order_lost"),
        "unknown_version": poison("p2", version=2),
        "wrong_schema": poison("p3", data={}),
        "unopenable_seal": poison("p4", sealed=good.sealed),
    }


async def _count(parking: Parking, wanted: int) -> bool:
    return await parking.count() == wanted


@pytest.mark.sec("F-25")
async def test_parked_messages_are_replayed_into_their_partition_by_one_command(
    relay: Relay, consuming: Consuming, store: EventStore
) -> None:
    recorder, parking = consuming.recorder, consuming.parking
    for number in (1, 2):
        recorder.failures[number] = [PermanentError("no_stock")]
    await record(store, "order-1", OrderPaid(number=1), OrderPaid(number=3))
    await record(store, "order-2", OrderPaid(number=2), OrderPaid(number=4))
    replayer = Replayer(consuming.broker, parking)
    async with running(relay.run(), consuming.consumer.run()):
        await eventually(lambda: _count(parking, 4))
        assert recorder.numbers() == []
        assert len(await replayer.replay_all()) == 2
        await eventually(lambda: _count(parking, 0))
        await record(store, "order-1", OrderPaid(number=5))
        await eventually(lambda: recorder.numbers("order-1") == [1, 3, 5])
    await replayer.close()
    assert recorder.numbers("order-2") == [2, 4]


async def test_what_is_not_parked_cannot_be_replayed(broker: Broker, parking: Parking) -> None:
    replayer = Replayer(broker, parking)
    with pytest.raises(ParkedMessageNotFoundError):
        await replayer.replay("nothing")
    secret = await parking.park(b"{}", consumer="shipping", queue="q", reason="refused", replayable=False)
    with pytest.raises(NotReplayableError):
        await replayer.replay(secret.parked_id)
    assert await replayer.replay_all() == []
    await replayer.close()


async def test_what_the_broker_gave_up_on_is_parked_for_its_partition(
    consuming: Consuming, store: EventStore, sealer: Sealer
) -> None:
    (envelope,) = await envelopes(store, sealer, "order-1", OrderPaid(number=1))
    broker, channel = consuming.broker, consuming.channel
    await topology.declare_queues(channel, broker, ORDERS, "shipping")
    await send(channel, broker, envelope.to_bytes())

    async def return_it(message: AbstractIncomingMessage) -> None:
        await message.reject(requeue=True)

    name = topology.queue_name(broker, ORDERS, "shipping", ORDERS.partition_of("order-1"))
    await (await channel.get_queue(name, ensure=False)).consume(return_it)
    await eventually(lambda: _holds_one(channel, topology.dead_queue_name(broker, ORDERS, "shipping")))
    await channel.close()
    async with running(consuming.consumer.run()):
        (parked,) = await eventually(consuming.parking.list)
    assert (parked.reason, parked.queue, parked.event_id) == ("delivery_limit", name, envelope.event_id)


async def _holds_one(channel: AbstractChannel, name: str) -> bool:
    return (await channel.declare_queue(name, passive=True)).declaration_result.message_count == 1


async def test_one_process_reads_a_partition_and_another_takes_over(
    relay: Relay, broker: Broker, parking: Parking, opener: Opener, store: EventStore
) -> None:
    first, second = Recorder(), Recorder()
    leading = Consumer(broker, shipping(first), parking=parking, opener=opener)
    standing_by = Consumer(broker, shipping(second), parking=parking, opener=opener)
    async with running(relay.run(), standing_by.run()):
        async with running(leading.run()):
            await eventually(lambda: leading.ready and standing_by.ready)
            await record(store, "order-1", *(OrderPaid(number=number) for number in range(20)))
            await eventually(lambda: len(first.seen) + len(second.seen) == 20)
            assert not first.seen or not second.seen
        await record(store, "order-1", OrderPaid(number=20))
        await eventually(lambda: 20 in second.numbers())
