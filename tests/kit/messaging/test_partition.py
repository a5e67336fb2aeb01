"""What becomes of a message: handled, tried again, parked, held back, replayed. Real database, no broker."""

import asyncio
from collections.abc import Callable

import pytest
from ansinh_kit.errors import ConcurrencyConflictError, RefusedError, UnavailableError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent
from ansinh_kit.messaging.envelope import Envelope
from ansinh_kit.messaging.errors import PermanentError, TransientError
from ansinh_kit.messaging.handling import Handling
from ansinh_kit.messaging.parking import ParkedMessage, Parking
from ansinh_kit.messaging.partition import PARKED_ID_HEADER, Partition
from ansinh_kit.messaging.reading import Arrival
from ansinh_kit.messaging.retry import RetryPolicy
from ansinh_kit.personal_data.keyring import SubjectErasedError
from ansinh_kit.personal_data.sealing import Opener, Sealer

from tests.kit.messaging.doubles import Recorder
from tests.kit.messaging.orders import OrderPaid, OrderPlaced, envelopes, shipping

QUEUE = "shipping.from.orders.p0"


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def new_partition(recorder: Recorder, parking: Parking, opener: Opener, retry: RetryPolicy) -> Callable[[], Partition]:
    handling = Handling(shipping(recorder), opener)
    return lambda: Partition(QUEUE, "shipping", handling, parking=parking, retry=retry)


@pytest.fixture
def partition(new_partition: Callable[[], Partition]) -> Partition:
    return new_partition()


@pytest.fixture
async def paid(store: EventStore, sealer: Sealer) -> list[Envelope]:
    """Four events of one stream, numbered from 1."""
    events: list[DomainEvent] = [OrderPaid(number=number) for number in range(1, 5)]
    return await envelopes(store, sealer, "order-1", *events)


@pytest.fixture
async def other(store: EventStore, sealer: Sealer) -> list[Envelope]:
    """One event of another stream, number 9."""
    return await envelopes(store, sealer, "order-2", OrderPaid(number=9))


def arrival(envelope: Envelope) -> Arrival:
    return Arrival(envelope.to_bytes(), {"event_id": envelope.event_id, "stream_id": envelope.stream_id})


def replay_of(parked: ParkedMessage) -> Arrival:
    return Arrival(parked.body, {PARKED_ID_HEADER: parked.parked_id})


async def settle_all(partition: Partition, messages: list[Envelope]) -> None:
    for envelope in messages:
        await partition.settle(arrival(envelope))


async def reasons(parking: Parking) -> list[str]:
    return [message.reason for message in await parking.list()]


@pytest.mark.sec("PII-06")
async def test_a_message_about_a_forgotten_person_is_done_with_and_not_parked(
    partition: Partition, paid: list[Envelope], recorder: Recorder, parking: Parking
) -> None:
    recorder.failures[1] = [SubjectErasedError("order-1")]
    await settle_all(partition, paid)
    assert await reasons(parking) == []
    assert recorder.numbers() == [2, 3, 4]


@pytest.mark.parametrize(
    "failure",
    [TransientError(), UnavailableError("mongodb"), ConcurrencyConflictError("order-1", 3), KeyError("a fault")],
    ids=repr,
)
async def test_a_failure_that_may_pass_is_tried_again_at_once_in_its_place(
    failure: Exception, partition: Partition, recorder: Recorder, paid: list[Envelope], parking: Parking
) -> None:
    recorder.failures[1] = [failure, failure]
    await settle_all(partition, paid)
    assert recorder.numbers() == [1, 2, 3, 4]
    assert await parking.count() == 0


async def test_after_the_last_try_it_is_parked_with_the_reason_and_the_count(
    partition: Partition, recorder: Recorder, paid: list[Envelope], parking: Parking
) -> None:
    recorder.failures[1] = [TransientError()] * 3
    await partition.settle(arrival(paid[0]))
    (parked,) = await parking.list()
    assert (parked.reason, parked.detail, parked.attempts) == ("gave_up", "TransientError", 3)
    assert (parked.event_name, parked.event_id, parked.stream_id) == ("orders.order_paid", paid[0].event_id, "order-1")


@pytest.mark.parametrize("failure", [PermanentError("no_address"), RefusedError()], ids=repr)
async def test_a_refusal_is_parked_without_another_try(
    failure: PermanentError | RefusedError,
    partition: Partition,
    recorder: Recorder,
    paid: list[Envelope],
    parking: Parking,
) -> None:
    recorder.failures[1] = [failure]
    await partition.settle(arrival(paid[0]))
    (parked,) = await parking.list()
    assert (parked.reason, parked.detail, parked.attempts, recorder.calls) == ("refused", failure.code, 1, 1)


async def test_later_events_of_a_parked_stream_are_held_back_and_other_streams_go_on(
    partition: Partition, recorder: Recorder, paid: list[Envelope], other: list[Envelope], parking: Parking
) -> None:
    recorder.failures[1] = [PermanentError("no_address")]
    await settle_all(partition, [*paid, *other])
    assert recorder.numbers() == [9]
    assert await reasons(parking) == ["refused", "behind_parked", "behind_parked", "behind_parked"]


async def test_one_replay_brings_the_whole_stream_on_in_order(
    partition: Partition, recorder: Recorder, paid: list[Envelope], parking: Parking
) -> None:
    recorder.failures[1] = [PermanentError("no_address")]
    await settle_all(partition, paid[:3])
    (first, *_) = await parking.list()
    await partition.settle(replay_of((await parking.find(first.parked_id)) or first))
    await partition.settle(arrival(paid[3]))
    assert recorder.numbers() == [1, 2, 3, 4]
    assert await parking.count() == 0


async def test_a_replay_that_fails_again_keeps_the_rest_behind_it(
    partition: Partition, recorder: Recorder, paid: list[Envelope], parking: Parking
) -> None:
    recorder.failures[1] = [PermanentError("no_address")]
    recorder.failures[2] = [PermanentError("no_stock")]
    await settle_all(partition, paid[:3])
    (first, *_) = await parking.list()
    await partition.settle(replay_of((await parking.find(first.parked_id)) or first))
    await partition.settle(arrival(paid[3]))
    assert recorder.numbers() == [1]
    assert [(m.stream_version, m.detail) for m in await parking.list()] == [(3, None), (2, "no_stock"), (4, None)]


async def test_a_replay_interrupted_half_way_is_finished_by_its_second_delivery(
    new_partition: Callable[[], Partition], recorder: Recorder, paid: list[Envelope], parking: Parking
) -> None:
    recorder.failures[1] = [PermanentError("no_address")]
    await settle_all(new_partition(), paid[:3])
    (first, *_) = await parking.list()
    replay = replay_of((await parking.find(first.parked_id)) or first)
    # The process died when the first was handled and no longer parked, but the replay not answered yet.
    await parking.remove(first.parked_id)
    await new_partition().settle(replay)
    assert recorder.numbers() == [2, 3]
    assert await parking.count() == 0


async def test_what_another_process_parked_holds_the_stream_back_here_too(
    new_partition: Callable[[], Partition], recorder: Recorder, paid: list[Envelope]
) -> None:
    recorder.failures[1] = [PermanentError("no_address")]
    standing_by = new_partition()
    await settle_all(new_partition(), paid[:1])
    await standing_by.settle(arrival(paid[1]))
    assert recorder.numbers() == []


async def test_a_second_delivery_of_a_parked_message_changes_nothing(
    partition: Partition, recorder: Recorder, paid: list[Envelope], parking: Parking
) -> None:
    recorder.failures[1] = [PermanentError("no_address")]
    await settle_all(partition, [paid[0], paid[0], paid[1], paid[1]])
    assert await reasons(parking) == ["refused", "behind_parked"]


@pytest.mark.sec("PII-09")
async def test_a_parked_message_holds_no_personal_value_in_the_clear(
    partition: Partition, recorder: Recorder, parking: Parking, store: EventStore, sealer: Sealer
) -> None:
    recorder.failures[1] = [ValueError("12 Hang Bai is no address")] * 3
    (envelope,) = await envelopes(store, sealer, "order-9", OrderPlaced(number=1, address="12 Hang Bai"))
    await partition.settle(arrival(envelope))
    (listed,) = await parking.list()
    assert "Hang Bai" not in repr(await parking.find(listed.parked_id))


async def test_with_the_database_away_the_handler_is_tried_until_one_of_them_succeeds(
    partition: Partition, recorder: Recorder, paid: list[Envelope], parking: Parking, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.failures[1] = [UnavailableError("mongodb")] * 10

    async def away(*_: object, **__: object) -> ParkedMessage:
        raise UnavailableError("mongodb")

    monkeypatch.setattr(parking, "park", away)
    await partition.settle(arrival(paid[0]))
    assert (recorder.numbers(), recorder.calls) == ([1], 11)


async def test_a_cancelled_handler_is_neither_parked_nor_answered(
    partition: Partition, recorder: Recorder, paid: list[Envelope], parking: Parking
) -> None:
    recorder.failures[1] = [asyncio.CancelledError()]  # type: ignore[list-item]
    with pytest.raises(asyncio.CancelledError):
        await partition.settle(arrival(paid[0]))
    assert await parking.count() == 0
