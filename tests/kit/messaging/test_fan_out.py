"""News that is worth nothing a moment later: to all who listen, kept for nobody, back by itself after every loss."""

import asyncio
from collections.abc import AsyncIterator

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import ChannelNotFoundEntity
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.fan_out import FanOut

from tests.eventually import eventually
from tests.kit.messaging.conftest import SOON
from tests.kit.messaging.doubles import running
from tests.kit.messaging.fault_proxy import FaultProxy


class Member:
    """A process's place, and what it heard."""

    def __init__(self, broker: Broker, name: str, *, silent_seconds: float = 60.0) -> None:
        self.place = FanOut(broker, "news", member=name, silent_seconds=silent_seconds, backoff=SOON)
        self.heard: list[bytes] = []

    async def run(self) -> None:
        await self.place.run(self.heard.append)

    async def hears(self, message: bytes, sender: "Member") -> bool:
        """Let the message be sent, once more, and tell whether it has come by now."""
        await sender.place.send(message)
        return message in self.heard


@pytest.fixture
def first(broker: Broker) -> Member:
    return Member(broker, "first")


@pytest.fixture
def second(broker: Broker) -> Member:
    return Member(broker, "second")


async def has_exchange(amqp_url: str, name: str) -> bool:
    """Look over a connection of its own: the broker ends the channel when there is none."""
    async with await aio_pika.connect(amqp_url, timeout=5) as connection:
        try:
            await (await connection.channel()).get_exchange(name)
        except ChannelNotFoundEntity:
            return False
        return True


async def test_what_one_sends_all_hear_the_sender_too(first: Member, second: Member) -> None:
    async with running(first.run(), second.run()):
        await eventually(lambda: first.place.ready and second.place.ready)
        assert await first.place.send(b"one")
        assert await second.place.send(b"two")
        await eventually(lambda: sorted(first.heard) == sorted(second.heard) == [b"one", b"two"])


async def test_nothing_is_kept_for_who_is_not_there(first: Member, second: Member, amqp_url: str) -> None:
    async with running(first.run()):
        await eventually(lambda: first.place.ready)
        assert await first.place.send(b"early")
        async with running(second.run()):
            await eventually(lambda: second.hears(b"late", first))
            assert b"early" not in second.heard

    async def is_gone() -> bool:
        return not await has_exchange(amqp_url, first.place._name)

    await eventually(is_gone, says="nothing left at the broker")


async def test_without_a_connection_sending_says_so_at_once(amqp_url: str) -> None:
    never_run = Member(Broker(amqp_url, name="messaging-test"), "alone")
    assert not await never_run.place.send(b"unheard")
    assert not never_run.place.ready


@pytest.mark.sec("F-12")
async def test_a_connection_that_is_lost_comes_back_by_itself(amqp_url: str, broker_namespace: str) -> None:
    async with FaultProxy(amqp_url).serving() as proxy:
        broker = Broker(proxy.url, name="messaging-test", namespace=broker_namespace, backoff=SOON)
        member = Member(broker, "first")
        async with running(broker.run(), member.run()):
            await eventually(lambda: member.hears(b"before", member))
            proxy.refusing = True
            proxy.cut()
            await eventually(lambda: not member.place.ready)
            assert not await member.place.send(b"unheard")
            proxy.refusing = False
            await eventually(lambda: member.hears(b"after", member))
            assert b"unheard" not in member.heard


async def test_a_queue_that_is_gone_is_made_again(first: Member, second: Member, broker: Broker) -> None:
    async with running(first.run(), second.run()):
        await eventually(lambda: second.hears(b"before", first))
        assert broker._connection is not None
        # Over its own connection: nobody else may touch the queue.
        async with broker._connection.channel() as own:
            await own.queue_delete(second.place.queue)
        await eventually(lambda: second.hears(b"after", first))


async def test_who_is_cut_off_without_a_word_finds_out(broker: Broker, first: Member, channel: AbstractChannel) -> None:
    """Somebody else made the exchange again: it takes what is sent, and brings nothing to queues of the one before."""
    alone = Member(broker, "alone", silent_seconds=1.0)
    async with running(alone.run()):
        await eventually(lambda: alone.hears(b"before", alone))
        await channel.exchange_delete(alone.place._name)
        async with running(first.run()):
            await eventually(lambda: first.place.ready)
            await eventually(lambda: alone.hears(b"its own", alone), 30)
            await eventually(lambda: alone.hears(b"after", first), 30)


async def test_a_listener_that_fails_ends_the_work_with_its_error(broker: Broker) -> None:
    place = FanOut(broker, "news", member="failing", backoff=SOON)

    def fail(_: bytes) -> None:
        raise LookupError("a fault of the listener")

    working = asyncio.create_task(place.run(fail))
    await eventually(lambda: place.ready)
    assert await place.send(b"x")
    with pytest.raises(LookupError):
        await working
    assert not place.ready


@pytest.fixture
async def stranger(amqp_url: str, broker_namespace: str) -> AsyncIterator[Broker]:
    """Another process's connection."""
    broker = Broker(amqp_url, name="messaging-test", namespace=broker_namespace, backoff=SOON)
    async with running(broker.run()):
        yield broker


async def test_a_queue_belongs_to_its_process_alone(first: Member, stranger: Broker) -> None:
    """A second one of the same name takes nothing away."""
    async with running(first.run()):
        await eventually(lambda: first.hears(b"before", first))
        impostor = Member(stranger, "first")
        async with running(impostor.run()):
            await eventually(lambda: first.hears(b"after", first))
            assert not impostor.place.ready
            assert impostor.heard == []
