"""Handlers that are not event-sourced, under doubled and shuffled delivery: the same result as in order, once each."""

import random
from collections import Counter

import pytest
from ansinh_kit.database import Database
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.messaging.envelope import open_event
from ansinh_kit.messaging.errors import TransientError
from ansinh_kit.messaging.inbox import Inbox, VersionGuard
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.personal_data.sealing import Opener, Sealer

from tests.kit.messaging.doubles import Recorder, number_of
from tests.kit.messaging.orders import OrderPaid, OrderPaidV1, envelopes

STREAMS = ("order-1", "order-2", "order-3")
WINDOW = 20


@pytest.fixture
async def deliveries(store: EventStore, sealer: Sealer, opener: Opener) -> list[IncomingEvent]:
    """Every event of three streams, in order."""
    sent = [
        envelope
        for number in range(10)
        for stream in STREAMS
        for envelope in await envelopes(store, sealer, stream, OrderPaid(number=number))
    ]
    return [
        IncomingEvent(
            event=open_event(envelope, OrderPaidV1, opener),
            event_id=envelope.event_id,
            stream_id=envelope.stream_id,
            stream_version=envelope.stream_version,
            position=envelope.position,
            occurred_at=envelope.occurred_at,
            correlation_id=envelope.correlation_id,
            causation_id=envelope.causation_id,
        )
        for envelope in sent
    ]


def doubled_and_shuffled(deliveries: list[IncomingEvent], seed: int) -> list[IncomingEvent]:
    """Return each delivery twice, at most a window away from its place."""
    chance = random.Random(seed)  # noqa: S311 - a test's disorder, to be repeated by its seed
    twice = [delivery for delivery in deliveries for _ in range(2)]
    return [delivery for _, delivery in sorted(enumerate(twice), key=lambda at: at[0] + chance.uniform(0, WINDOW))]


@pytest.mark.sec("F-22")
@pytest.mark.sec("F-23")
@pytest.mark.parametrize("seed", range(3))
async def test_what_adds_up_counts_each_event_once(
    database: Database, deliveries: list[IncomingEvent], seed: int
) -> None:
    counted: Counter[str] = Counter()

    async def count(incoming: IncomingEvent) -> None:
        counted[incoming.stream_id] += number_of(incoming)

    handler = Inbox(database).once(count)
    for delivery in doubled_and_shuffled(deliveries, seed):
        await handler(delivery)
    assert counted == dict.fromkeys(STREAMS, sum(range(10)))


@pytest.mark.sec("F-22")
@pytest.mark.sec("F-23")
@pytest.mark.parametrize("seed", range(3))
async def test_what_is_written_down_ends_as_the_last_event_says(
    database: Database, deliveries: list[IncomingEvent], seed: int
) -> None:
    state: dict[str, int] = {}

    async def write(incoming: IncomingEvent) -> None:
        state[incoming.stream_id] = number_of(incoming)

    handler = VersionGuard(database, "last_number").newest(write)
    for delivery in doubled_and_shuffled(deliveries, seed):
        await handler(delivery)
    assert state == dict.fromkeys(STREAMS, 9)


async def test_work_that_failed_is_not_remembered_as_done(database: Database, deliveries: list[IncomingEvent]) -> None:
    recorder = Recorder()
    recorder.failures[0] = [TransientError()]
    for handler in (Inbox(database).once(recorder), VersionGuard(database, "numbers").newest(recorder)):
        with pytest.raises(TransientError):
            await handler(deliveries[0])
        await handler(deliveries[0])
        recorder.failures[0] = [TransientError()]
    assert recorder.numbers() == [0, 0]


async def test_two_views_of_one_database_keep_their_own_versions(
    database: Database, deliveries: list[IncomingEvent]
) -> None:
    recorder = Recorder()
    await VersionGuard(database, "one").newest(recorder)(deliveries[0])
    await VersionGuard(database, "other").newest(recorder)(deliveries[0])
    assert recorder.numbers() == [0, 0]
