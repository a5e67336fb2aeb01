"""One-time codes on their way: sealed, short-lived, past the log and past the bulk."""

import json
from datetime import timedelta

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from ansinh_kit.errors import UnavailableError
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.messaging import topology
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.envelope import read_envelope
from ansinh_kit.messaging.errors import TransientError
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.retry import RetryPolicy
from ansinh_kit.messaging.secret_queue import SecretConsumer, SecretPublisher
from ansinh_kit.personal_data.sealing import Opener, Sealer
from ansinh_kit.testing.clock import FixedClock

from tests.eventually import eventually
from tests.kit.messaging.doubles import running
from tests.kit.messaging.orders import SECRETS, PickUpCodeV1

LIFE = timedelta(minutes=10)
CODE = PickUpCodeV1(purpose="pick_up", code="042137")


class Codes:
    def __init__(self) -> None:
        self.seen: list[IncomingEvent] = []
        self.failures: list[Exception] = []

    async def __call__(self, incoming: IncomingEvent) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.seen.append(incoming)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def codes() -> Codes:
    return Codes()


@pytest.fixture
def publisher(broker: Broker, sealer: Sealer, clock: FixedClock) -> SecretPublisher:
    return SecretPublisher(broker, SECRETS, sealer=sealer, clock=clock)


@pytest.fixture
def consumer(broker: Broker, codes: Codes, parking: Parking, opener: Opener, clock: FixedClock) -> SecretConsumer:
    return SecretConsumer(
        broker, SECRETS, codes, parking=parking, opener=opener, retry=RetryPolicy(attempts=3), clock=clock
    )


async def publish(publisher: SecretPublisher, clock: FixedClock, life: timedelta = LIFE) -> None:
    await publisher.publish(CODE, message_id="message-1", correlation_id="story", expires_at=clock.now() + life)


async def test_a_living_secret_reaches_its_handler(
    publisher: SecretPublisher, consumer: SecretConsumer, codes: Codes, clock: FixedClock
) -> None:
    await publish(publisher, clock)
    async with running(consumer.run()):
        (incoming,) = await eventually(lambda: codes.seen)
    assert (incoming.event, incoming.event_id, incoming.correlation_id) == (CODE, "message-1", "story")


@pytest.mark.sec("OTC-05")
@pytest.mark.sec("OTC-04")
async def test_on_the_broker_the_secret_is_ciphertext_and_dies_with_its_life(
    publisher: SecretPublisher, clock: FixedClock, channel: AbstractChannel, broker: Broker
) -> None:
    await publish(publisher, clock, timedelta(seconds=90))
    queue = await channel.get_queue(topology.secret_queue_name(broker, SECRETS), ensure=False)
    message = await queue.get()
    assert b"042137" not in message.body
    assert json.loads(message.body)["data"] == {"purpose": "pick_up"}
    assert message.expiration == 90


@pytest.mark.sec("OTC-05")
async def test_the_broker_drops_a_dead_secret(
    publisher: SecretPublisher, clock: FixedClock, channel: AbstractChannel, broker: Broker
) -> None:
    await publish(publisher, clock, timedelta(milliseconds=1))
    name = topology.secret_queue_name(broker, SECRETS)

    async def is_empty() -> bool:
        return (await channel.declare_queue(name, passive=True)).declaration_result.message_count == 0

    await eventually(is_empty)


@pytest.mark.sec("OTC-05")
async def test_the_reader_drops_a_dead_secret(
    publisher: SecretPublisher, consumer: SecretConsumer, codes: Codes, clock: FixedClock, parking: Parking
) -> None:
    await publish(publisher, clock)
    clock.advance(LIFE)
    async with running(consumer.run()):
        await eventually(lambda: consumer.ready)
        clock.advance(-LIFE)
        await publish(publisher, clock)
        await eventually(lambda: len(codes.seen) == 1)
    assert await parking.count() == 0


async def test_a_failing_handler_is_called_again_while_the_secret_lives(
    publisher: SecretPublisher, consumer: SecretConsumer, codes: Codes, clock: FixedClock
) -> None:
    codes.failures = [TransientError()]
    await publish(publisher, clock)
    async with running(consumer.run()):
        await eventually(lambda: len(codes.seen) == 1)


async def test_a_secret_already_dead_is_not_sent(
    publisher: SecretPublisher, clock: FixedClock, channel: AbstractChannel, broker: Broker
) -> None:
    await publish(publisher, clock, timedelta(0))
    await publish(publisher, clock)
    name = topology.secret_queue_name(broker, SECRETS)
    assert (await channel.declare_queue(name, passive=True)).declaration_result.message_count == 1


@pytest.mark.sec("OTC-05")
@pytest.mark.sec("OTC-04")
async def test_a_secret_that_cannot_be_opened_is_parked_without_what_is_sealed_in_it(
    publisher: SecretPublisher, broker: Broker, codes: Codes, parking: Parking, clock: FixedClock
) -> None:
    stranger = Opener("shipping", KeyList((NamedKey("other", b"o" * 32),)))
    consumer = SecretConsumer(broker, SECRETS, codes, parking=parking, opener=stranger, clock=clock)
    await publish(publisher, clock)
    async with running(consumer.run()):
        (listed,) = await eventually(parking.list)
    parked = await parking.find(listed.parked_id)
    assert parked is not None
    assert (parked.reason, parked.replayable) == ("unopenable_seal", False)
    assert b"042137" not in parked.body
    assert read_envelope(parked.body).sealed == {}


async def test_garbage_is_parked_and_the_next_secret_goes_on(
    publisher: SecretPublisher, consumer: SecretConsumer, codes: Codes, clock: FixedClock, channel: AbstractChannel
) -> None:
    await publish(publisher, clock)
    queue = topology.secret_queue_name(publisher._broker, SECRETS)
    await channel.default_exchange.publish(aio_pika.Message(b"{", headers={"expires_at_milliseconds": "never"}), queue)
    await publish(publisher, clock)
    async with running(consumer.run()):
        await eventually(lambda: len(codes.seen) == 2)


async def test_without_a_broker_the_caller_is_told_in_time(sealer: Sealer, clock: FixedClock) -> None:
    nowhere = Broker("amqp://guest:guest@127.0.0.1:1/", name="nobody")
    publisher = SecretPublisher(nowhere, SECRETS, sealer=sealer, clock=clock, timeout_seconds=0.01)
    with pytest.raises(UnavailableError):
        await publish(publisher, clock)
