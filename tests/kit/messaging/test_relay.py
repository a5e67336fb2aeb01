"""The relay's promises: at least once, in order, nothing skipped; two at once, crashes, missing queues."""

import json
from collections import defaultdict
from collections.abc import Callable

import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from ansinh_kit.database import Database
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.messaging import topology
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.burst import OutgoingMessage
from ansinh_kit.messaging.errors import UnroutableError
from ansinh_kit.messaging.lease import send_again
from ansinh_kit.messaging.metrics import NOT_CONFIRMED
from ansinh_kit.messaging.publisher import ConfirmedPublisher
from ansinh_kit.messaging.relay import Relay
from ansinh_kit.personal_data.sealing import Sealer
from ansinh_kit.publication import Publication

from tests.eventually import eventually
from tests.kit.messaging.conftest import SOON
from tests.kit.messaging.doubles import running
from tests.kit.messaging.orders import (
    ORDERS,
    OrderCounted,
    OrderPaid,
    OrderPaidV1,
    OrderPaidV2,
    OrderPlaced,
    OrderPlacedV1,
    record,
    to_contract,
)

NewRelay = Callable[[Publication], Relay]
ONLY_PAID = Publication("orders", {"shipping": frozenset({OrderPaidV1})})


@pytest.fixture
def new_relay(store: EventStore, database: Database, broker: Broker, sealer: Sealer) -> NewRelay:
    return lambda publication: Relay(
        store=store,
        database=database,
        broker=broker,
        publication=publication,
        to_contract=to_contract,
        sealer=sealer,
        backoff=SOON,
    )


async def position(database: Database) -> int:
    document = await database["relays"].find_one({"_id": "orders"})
    return 0 if document is None else int(document["position"])


async def drain(channel: AbstractChannel, broker: Broker) -> dict[str, list[int]]:
    """Take all messages from all partitions; return each stream's numbers in the order they stood there."""
    numbers: dict[str, list[int]] = defaultdict(list)

    async def take(message: AbstractIncomingMessage) -> None:
        envelope = json.loads(message.body)
        numbers[envelope["stream_id"]].append(envelope["data"]["number"])

    for partition in range(ORDERS.partitions):
        # Single active consumer: the broker refuses `get` there.
        queue = await channel.get_queue(topology.queue_name(broker, ORDERS, "shipping", partition), ensure=False)
        tag = await queue.consume(take, no_ack=True)
        await eventually(lambda queue=queue: _is_empty(channel, queue))  # type: ignore[misc]
        await queue.cancel(tag)
    return numbers


async def _is_empty(channel: AbstractChannel, queue: AbstractQueue) -> bool:
    return (await channel.declare_queue(queue.name, passive=True)).declaration_result.message_count == 0


async def queue_of(channel: AbstractChannel, broker: Broker, stream_id: str = "order-1") -> AbstractQueue:
    name = topology.queue_name(broker, ORDERS, "shipping", ORDERS.partition_of(stream_id))
    return await channel.get_queue(name, ensure=False)


async def test_the_checkpoint_follows_what_is_confirmed(
    new_relay: NewRelay, store: EventStore, database: Database, broker: Broker, channel: AbstractChannel
) -> None:
    async with running(new_relay(ORDERS).run()):
        await record(store, "order-1", OrderPaid(number=1), OrderPaid(number=2))
        await record(store, "order-1", OrderPaid(number=3))
        await eventually(lambda: _at(database, 2))
    assert await drain(channel, broker) == {"order-1": [1, 2, 3]}


async def test_events_nobody_listens_to_hold_nothing_up(
    new_relay: NewRelay, store: EventStore, database: Database, broker: Broker, channel: AbstractChannel
) -> None:
    await record(store, "order-1", OrderCounted(), OrderPlaced(number=1))
    await record(store, "order-1", OrderPaid(number=2))
    async with running(new_relay(ONLY_PAID).run()):
        await eventually(lambda: _at(database, 2))
    assert await drain(channel, broker) == {"order-1": [2]}


async def test_a_relay_that_begins_again_goes_on_where_the_last_one_stopped(
    new_relay: NewRelay, store: EventStore, database: Database, broker: Broker, channel: AbstractChannel
) -> None:
    for number in (1, 2):
        await record(store, "order-1", OrderPaid(number=number))
        async with running(new_relay(ORDERS).run()):
            await eventually(lambda number=number: _at(database, number))  # type: ignore[misc]
    assert await drain(channel, broker) == {"order-1": [1, 2]}


@pytest.mark.sec("F-06")
async def test_a_crash_between_publish_and_checkpoint_sends_twice_and_never_zero_times(
    new_relay: NewRelay, store: EventStore, database: Database, broker: Broker, channel: AbstractChannel
) -> None:
    async with running(new_relay(ORDERS).run()):
        await record(store, "order-1", OrderPaid(number=1))
        await record(store, "order-1", OrderPaid(number=2))
        await eventually(lambda: _at(database, 2))
    # What a process leaves that died before its last save.
    await database["relays"].update_one({"_id": "orders"}, {"$set": {"position": 1}})
    async with running(new_relay(ORDERS).run()):
        await eventually(lambda: _at(database, 2))
    assert await drain(channel, broker) == {"order-1": [1, 2, 2]}


@pytest.mark.sec("F-27")
async def test_of_two_relays_one_works_and_the_other_takes_over(
    new_relay: NewRelay, store: EventStore, database: Database, broker: Broker, channel: AbstractChannel
) -> None:
    async with running(new_relay(ORDERS).run(), new_relay(ORDERS).run()) as (first, second):
        for number in range(20):
            await record(store, "order-1", OrderPaid(number=number))
        await eventually(lambda: _at(database, 20))
        assert await drain(channel, broker) == {"order-1": list(range(20))}
        leading = await database["relays"].find_one({"_id": "orders"})
        first.cancel()
        await record(store, "order-1", OrderPaid(number=20))
        await eventually(lambda: _at(database, 21))
        second.cancel()
    assert leading is not None
    assert await drain(channel, broker) == {"order-1": [20]}


async def test_a_returned_message_is_an_error(broker: Broker) -> None:
    async def nothing(_: AbstractChannel) -> None: ...

    publisher = ConfirmedPublisher(broker, producer="orders", prepare=nothing)
    with pytest.raises(UnroutableError):
        await publisher.publish(OutgoingMessage("", broker.named("no", "such", "queue"), b"{}"))
    await publisher.close()


async def test_a_message_that_is_returned_is_sent_until_a_queue_takes_it(
    new_relay: NewRelay, store: EventStore, database: Database, broker: Broker, channel: AbstractChannel
) -> None:
    returned = NOT_CONFIRMED.labels("orders", "returned")
    async with running(new_relay(ORDERS).run()):
        await record(store, "order-1", OrderPaid(number=1))
        await eventually(lambda: _at(database, 1))
        queue = await queue_of(channel, broker)
        key = f"orders.order_paid.*.p{ORDERS.partition_of('order-1')}"
        await queue.unbind(topology.exchange_name(broker, "orders"), key)
        before = returned._value.get()
        await record(store, "order-1", OrderPaid(number=2), OrderPaid(number=3))
        await eventually(lambda: returned._value.get() > before + 3)
        assert await position(database) == 1
        await queue.bind(topology.exchange_name(broker, "orders"), key)
        await eventually(lambda: _at(database, 2))
    assert await drain(channel, broker) == {"order-1": [1, 2, 3]}


async def test_a_new_subscriber_gets_what_the_log_held_before_it_was_named(
    new_relay: NewRelay, store: EventStore, database: Database, broker: Broker, channel: AbstractChannel
) -> None:
    for number in (1, 3):
        await record(store, "order-1", OrderPlaced(number=number), OrderPaid(number=number + 1))
    async with running(new_relay(ONLY_PAID).run()):
        await eventually(lambda: _at(database, 2))
    assert await drain(channel, broker) == {"order-1": [2, 4]}
    async with running(new_relay(ORDERS).run()):
        await record(store, "order-1", OrderPlaced(number=5))
        await eventually(lambda: _at(database, 3))
    assert await drain(channel, broker) == {"order-1": [1, 3, 5]}


async def test_an_event_no_longer_asked_for_stops_coming(
    new_relay: NewRelay, store: EventStore, database: Database, broker: Broker, channel: AbstractChannel
) -> None:
    async with running(new_relay(ORDERS).run()):
        await record(store, "order-1", OrderPlaced(number=1))
        await eventually(lambda: _at(database, 1))
    billing = Publication("orders", {"shipping": frozenset({OrderPaidV1}), "billing": frozenset({OrderPlacedV1})})
    try:
        async with running(new_relay(billing).run()):
            await record(store, "order-1", OrderPlaced(number=2), OrderPaid(number=3))
            await eventually(lambda: _at(database, 2))
    finally:
        for number in range(billing.partitions):
            await channel.queue_delete(topology.queue_name(broker, billing, "billing", number))
        await channel.queue_delete(topology.dead_queue_name(broker, billing, "billing"))
    assert await drain(channel, broker) == {"order-1": [1, 3]}


@pytest.mark.sec("F-24")
async def test_what_a_purge_took_is_sent_again_on_command(
    new_relay: NewRelay, store: EventStore, database: Database, broker: Broker, channel: AbstractChannel
) -> None:
    async with running(new_relay(ORDERS).run()):
        await record(store, "order-1", OrderPaid(number=1), OrderPaid(number=2))
        await eventually(lambda: _at(database, 1))
    await (await queue_of(channel, broker)).purge()
    assert await send_again(database, "orders", "shipping")
    async with running(new_relay(ORDERS).run()):
        await record(store, "order-1", OrderPaid(number=3))
        await eventually(lambda: _at(database, 2))
    assert await drain(channel, broker) == {"order-1": [1, 2, 3]}


async def test_a_new_version_of_a_known_event_reaches_those_who_know_the_old_one(
    store: EventStore, database: Database, broker: Broker, sealer: Sealer, channel: AbstractChannel
) -> None:
    def newer(_: object) -> IntegrationEvent:
        return OrderPaidV2(number=8)

    await record(store, "order-1", OrderPaid(number=8))
    relay = Relay(store=store, database=database, broker=broker, publication=ORDERS, to_contract=newer, sealer=sealer)
    async with running(relay.run()):
        await eventually(lambda: _at(database, 1))
    assert await drain(channel, broker) == {"order-1": [8]}


async def test_many_streams_at_once_each_stay_in_order_on_the_broker(
    new_relay: NewRelay, store: EventStore, database: Database, broker: Broker, channel: AbstractChannel
) -> None:
    streams = [f"order-{number}" for number in range(8)]
    for number in range(30):
        for stream in streams:
            await record(store, stream, OrderPaid(number=2 * number), OrderPaid(number=2 * number + 1))
    async with running(new_relay(ORDERS).run()):
        await eventually(lambda: _at(database, 240), 30)
    assert await drain(channel, broker) == {stream: list(range(60)) for stream in streams}


async def _at(database: Database, wanted: int) -> bool:
    return await position(database) == wanted
