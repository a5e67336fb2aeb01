"""From a producer's log into a consumer's handler, over a real broker."""

import pytest
from ansinh_kit.database import Database
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.consumer import Consumer
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.relay import Relay
from ansinh_kit.messaging.retry import RetryPolicy
from ansinh_kit.personal_data.sealing import Opener, Sealer

from tests.eventually import eventually
from tests.kit.messaging.conftest import SOON
from tests.kit.messaging.doubles import Recorder, running
from tests.kit.messaging.orders import (
    ORDERS,
    OrderPaid,
    OrderPlaced,
    OrderPlacedV1,
    record,
    shipping,
    to_contract,
)


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
    async with running(relay.run(), consumer.run()):
        await eventually(lambda: len(recorder.seen) >= 400, 30)
    assert {stream: recorder.numbers(stream) for stream in streams} == {stream: list(range(20)) for stream in streams}


async def test_a_subscriber_that_never_ran_misses_nothing(
    relay: Relay, consumer: Consumer, recorder: Recorder, store: EventStore, database: Database
) -> None:
    await record(store, "order-1", OrderPaid(number=1))
    async with running(relay.run()):
        await eventually(lambda: _position(database, at_least=1))
    async with running(consumer.run()):
        await eventually(lambda: recorder.numbers() == [1])


async def _position(database: Database, *, at_least: int) -> bool:
    document = await database["relays"].find_one({"_id": "orders"})
    return document is not None and document["position"] >= at_least
