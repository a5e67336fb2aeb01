"""Two gateways hold one limit together over a real broker, and each holds it alone without (GW-16, F-34)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from ansinh_kit.backoff import Backoff
from ansinh_kit.cancellation import end_tasks
from ansinh_kit.messaging.broker import Broker
from devtools.servers import RabbitNode
from gateway.limit_sharing import limit_fan_out
from gateway.rate_limits import Rate

from tests.eventually import eventually
from tests.gateway.limits import CountingGateway, Time, counting_gateway
from tests.kit.messaging.fault_proxy import FaultProxy

SOON = Backoff(first_seconds=0.001, longest_seconds=0.01)
TEN = Rate(10, 0.1)

pytestmark = pytest.mark.sec("GW-16")


@asynccontextmanager
async def counting_over(amqp_url: str, namespace: str, time: Time) -> AsyncIterator[CountingGateway]:
    """Run a gateway's limits over a connection of its own; it tells when it is told to."""
    broker = Broker(amqp_url, name="limits-test", namespace=namespace, backoff=SOON)
    place = limit_fan_out(broker, member=f"member-{id(broker)}")
    gateway = counting_gateway(TEN, place.send, time=time)
    tasks = [asyncio.create_task(work) for work in (broker.run(), place.run(gateway.limits.hear))]
    try:
        await eventually(lambda: place.ready, 30)
        yield gateway
    finally:
        await end_tasks(tasks)


async def told(gateway: CountingGateway, *others: CountingGateway) -> None:
    """Let the gateway tell, and return when all of them, itself included, have heard."""
    own, applied = gateway.news("own"), [other.news("applied") for other in others]
    await gateway.limits.tell()
    await eventually(lambda: gateway.news("own") > own)
    for other, before in zip(others, applied, strict=True):
        await eventually(lambda other=other, before=before: other.news("applied") > before)  # type: ignore[misc]


async def hears_again(gateway: CountingGateway) -> None:
    """Let the gateway tell again and again, and return when something of it has come back."""
    before = gateway.news("own")

    async def has_heard() -> bool:
        await gateway.limits.tell()
        return gateway.news("own") > before

    await eventually(has_heard, 60)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def proxy(amqp_url: str) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(amqp_url).serving() as proxy:
        yield proxy


@pytest.mark.sec("LIM-15")
async def test_two_gateways_hold_one_limit(amqp_url: str, broker_namespace: str, time: Time) -> None:
    async with (
        counting_over(amqp_url, broker_namespace, time) as first,
        counting_over(amqp_url, broker_namespace, time) as second,
    ):
        assert first.allowed(6) == 6
        await told(first, second)
        assert second.allowed(6) == 4
        await told(second, first)
        assert first.allowed(1) == 0
        time.pass_by(10.1)
        assert first.allowed(2) == 1
        await told(first, second)
        assert second.allowed(1) == 0


@pytest.mark.sec("F-34")
async def test_without_the_broker_local_limits_hold_and_together_again_after_it(
    amqp_url: str, proxy: FaultProxy, broker_namespace: str, time: Time
) -> None:
    async with (
        counting_over(proxy.url, broker_namespace, time) as first,
        counting_over(amqp_url, broker_namespace, time) as second,
    ):
        proxy.refusing = True
        proxy.cut()
        assert first.allowed(20) == 10
        await eventually(lambda: _fails_to_tell(first))
        assert second.allowed(20) == 10
        time.pass_by(1000)
        proxy.refusing = False
        await hears_again(first)
        assert first.allowed(4) == 4
        await told(first, second)
        assert second.allowed(20) == 6


async def _fails_to_tell(gateway: CountingGateway) -> bool:
    """Tell one taken token; say whether it is counted as one the others will not hear of."""
    before = gateway.shown("gateway_limit_takes_untold_total")
    assert gateway.allowed(1, key="another") == 1
    await gateway.limits.tell()
    return gateway.shown("gateway_limit_takes_untold_total") != before


@pytest.mark.slow
@pytest.mark.rabbit
@pytest.mark.sec("F-34")
@pytest.mark.sec("F-12")
@pytest.mark.timeout(180, method="thread")
async def test_a_broker_that_is_killed_is_not_missed_by_the_limits_and_found_again(
    tmp_path: Path, broker_namespace: str, time: Time, ended_broker_clients: None
) -> None:
    del ended_broker_clients
    async with (
        RabbitNode(tmp_path) as node,
        counting_over(node.url, broker_namespace, time) as first,
        counting_over(node.url, broker_namespace, time) as second,
    ):
        assert first.allowed(4) == 4
        await told(first, second)
        await asyncio.to_thread(node.kill)
        assert (first.allowed(20), second.allowed(20)) == (6, 6)
        await eventually(lambda: _fails_to_tell(first))
        await asyncio.to_thread(node.restart)
        time.pass_by(1000)
        await hears_again(first)
        await hears_again(second)
        assert first.allowed(4) == 4
        await told(first, second)
        assert second.allowed(20) == 6


async def test_what_anybody_else_sends_takes_nothing(amqp_url: str, broker_namespace: str, time: Time) -> None:
    broker = Broker(amqp_url, name="limits-test", namespace=broker_namespace, backoff=SOON)
    place = limit_fan_out(broker, member="nobody")
    async with counting_over(amqp_url, broker_namespace, time) as gateway:
        tasks = [asyncio.create_task(work) for work in (broker.run(), place.run(lambda _: None))]
        try:
            await eventually(lambda: place.ready, 30)
            for message in (b"", b'{"sender": "x", "taken": {"guests": {"192.0.2.1": 10}}}', bytes(600_000)):
                assert await place.send(message)
            await eventually(lambda: gateway.news("foreign") == 2 and gateway.news("too_long") == 1)
        finally:
            await end_tasks(tasks)
        assert gateway.allowed(20) == 10
