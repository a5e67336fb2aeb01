"""Many publishes in one write: each still has an answer of its own."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest
from aio_pika.abc import AbstractChannel, AbstractQueue
from aio_pika.exceptions import PublishError
from aiormq.channel import Channel as ClientChannel
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.burst import BurstChannel, OutgoingMessage

from tests.kit.messaging.doubles import running
from tests.kit.messaging.fault_proxy import FaultProxy

pytestmark = pytest.mark.rabbit


@pytest.fixture
async def queue(channel: AbstractChannel) -> AbstractQueue:
    return await channel.declare_queue(exclusive=True)


@pytest.fixture
async def proxy(amqp_url: str) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(amqp_url).serving() as proxy:
        yield proxy


async def burst_over(broker: Broker, *, timeout_seconds: float = 10.0) -> BurstChannel:
    underlay = await (await broker.channel()).get_underlay_channel()
    return BurstChannel(cast("ClientChannel", underlay), timeout_seconds=timeout_seconds)


async def arrived(queue: AbstractQueue, count: int) -> list[bytes]:
    bodies: list[bytes] = []
    async with queue.iterator(timeout=10) as messages:
        async for message in messages:
            await message.ack()
            bodies.append(message.body)
            if len(bodies) == count:
                return bodies
    return bodies


async def test_a_burst_arrives_whole_and_in_order(broker: Broker, queue: AbstractQueue) -> None:
    burst = await burst_over(broker)
    bodies = [str(number).encode() for number in range(300)]
    await asyncio.gather(*(burst.publish(OutgoingMessage("", queue.name, body)) for body in bodies))
    assert await arrived(queue, 300) == bodies


async def test_a_body_larger_than_a_frame_arrives_whole(broker: Broker, queue: AbstractQueue) -> None:
    large = bytes(range(256)) * 2048
    burst = await burst_over(broker)
    await asyncio.gather(*(burst.publish(OutgoingMessage("", queue.name, body)) for body in (b"", large, b"{}")))
    assert await arrived(queue, 3) == [b"", large, b"{}"]


async def test_a_returned_message_fails_its_own_caller_only(broker: Broker, queue: AbstractQueue) -> None:
    burst = await burst_over(broker)
    names = [queue.name, broker.named("no", "such", "queue"), queue.name]
    answers = await asyncio.gather(
        *(burst.publish(OutgoingMessage("", name, b"{}")) for name in names), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [type(None), PublishError, type(None)]
    await burst.publish(OutgoingMessage("", queue.name, b"after"))
    assert await arrived(queue, 3) == [b"{}", b"{}", b"after"]


async def test_a_caller_that_left_before_the_write_sends_nothing(broker: Broker, queue: AbstractQueue) -> None:
    burst = await burst_over(broker)
    leaving = asyncio.ensure_future(burst.publish(OutgoingMessage("", queue.name, b"left")))
    staying = asyncio.ensure_future(burst.publish(OutgoingMessage("", queue.name, b"stayed")))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    assert await arrived(queue, 1) == [b"stayed"]


async def test_without_a_confirm_in_time_every_caller_is_told(
    proxy: FaultProxy, broker_namespace: str, queue: AbstractQueue
) -> None:
    broker = Broker(proxy.url, name="burst-test", namespace=broker_namespace)
    async with running(broker.run()):
        burst = await burst_over(broker, timeout_seconds=0.2)
        proxy.flowing.clear()
        sent = [burst.publish(OutgoingMessage("", queue.name, b"{}")) for _ in range(3)]
        answers = await asyncio.gather(*sent, return_exceptions=True)
        proxy.flowing.set()
    assert [type(answer) for answer in answers] == [TimeoutError] * 3
