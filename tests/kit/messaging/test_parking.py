import pytest
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.messaging.parking import LARGEST_KEPT_BYTES, ParkedFilter, Parking
from ansinh_kit.personal_data.sealing import Sealer

from tests.kit.messaging.orders import OrderPaid, OrderPlaced, envelopes

QUEUE = "shipping.from.orders.p0"


async def test_parked_messages_are_found_by_reason_event_and_stream(
    parking: Parking, store: EventStore, sealer: Sealer
) -> None:
    placed, paid = await envelopes(store, sealer, "order-1", OrderPlaced(number=1), OrderPaid(number=2))
    await parking.park(placed.to_bytes(), consumer="shipping", queue=QUEUE, reason="refused")
    await parking.park(paid.to_bytes(), consumer="shipping", queue=QUEUE, reason="gave_up")

    async def found(matching: ParkedFilter) -> set[str | None]:
        return {message.event_id for message in await parking.list(matching)}

    assert await found(ParkedFilter()) == {placed.event_id, paid.event_id}
    assert await found(ParkedFilter(reason="refused")) == {placed.event_id}
    assert await found(ParkedFilter(event_name="orders.order_paid")) == {paid.event_id}
    assert await found(ParkedFilter(stream_id="order-1", event_id=paid.event_id)) == {paid.event_id}
    assert await found(ParkedFilter(consumer="billing")) == set()


async def test_the_first_of_a_stream_is_the_one_with_the_lowest_version(
    parking: Parking, store: EventStore, sealer: Sealer
) -> None:
    sent = await envelopes(store, sealer, "order-1", OrderPaid(number=1), OrderPaid(number=2), OrderPaid(number=3))
    for envelope in (sent[2], sent[1]):
        await parking.park_behind(envelope.to_bytes(), consumer="shipping", queue=QUEUE)
    first = await parking.find_first(QUEUE, "order-1")
    assert first is not None
    assert first.body == sent[1].to_bytes()
    assert await parking.find_first("another queue", "order-1") is None


async def test_garbage_is_kept_as_it_came(parking: Parking) -> None:
    parked = await parking.park(b"\xff{", consumer="shipping", queue=QUEUE, reason="not_an_envelope")
    found = await parking.find(parked.parked_id)
    assert found is not None
    assert (found.body, found.stream_id, found.replayable) == (b"\xff{", None, True)


async def test_of_what_no_document_can_hold_the_size_is_kept(parking: Parking) -> None:
    body = b"x" * (LARGEST_KEPT_BYTES + 1)
    parked = await parking.park(body, consumer="shipping", queue=QUEUE, reason="too_large")
    found = await parking.find(parked.parked_id)
    assert found is not None
    assert (found.body, found.body_bytes, found.replayable) == (b"", len(body), False)


async def test_streams_with_something_parked_are_named(parking: Parking, store: EventStore, sealer: Sealer) -> None:
    (envelope,) = await envelopes(store, sealer, "order-1", OrderPaid(number=1))
    await parking.park(envelope.to_bytes(), consumer="shipping", queue=QUEUE, reason="refused")
    await parking.park(b"garbage", consumer="shipping", queue=QUEUE, reason="not_an_envelope")
    assert await parking.blocked_streams(QUEUE) == {"order-1"}
    assert await parking.blocked_streams("another queue") == set()


async def test_what_was_handled_after_all_is_gone(parking: Parking) -> None:
    parked = await parking.park(b"garbage", consumer="shipping", queue=QUEUE, reason="not_an_envelope")
    await parking.remove(parked.parked_id)
    assert await parking.count() == 0


@pytest.mark.parametrize("limit", [1, 2])
async def test_a_list_is_no_longer_than_asked_and_oldest_first(parking: Parking, limit: int) -> None:
    for body in (b"1", b"2", b"3"):
        await parking.park(body, consumer="shipping", queue=QUEUE, reason="not_an_envelope")
    listed = await parking.list(limit=limit)
    bodies = [(await parking.find(message.parked_id)) for message in listed]
    assert [message.body for message in bodies if message] == [b"1", b"2"][:limit]
