"""A broker client that is stopped leaves no connection behind, at whatever moment it is stopped.

The plugin `broker_clients` looks at the end of the test whether a connection of its loop is still open.
"""

import asyncio
import time

from ansinh_kit.messaging.broker import Broker

MOMENTS = 20


async def test_stopped_at_any_moment_of_connecting_it_leaves_no_connection_open(amqp_url: str) -> None:
    seconds = await seconds_to_connect(amqp_url)
    for moment in range(MOMENTS + 1):
        running = asyncio.create_task(Broker(amqp_url, name="messaging-test").run())
        due = time.perf_counter() + seconds * moment / MOMENTS
        while time.perf_counter() < due:  # noqa: ASYNC110 - turn by turn, to hit every moment
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert running.cancelled()


async def seconds_to_connect(amqp_url: str) -> float:
    broker = Broker(amqp_url, name="messaging-test")
    running = asyncio.create_task(broker.run())
    began = time.perf_counter()
    while not broker.ready:  # noqa: ASYNC110 - the time to the turn
        await asyncio.sleep(0)
    took = time.perf_counter() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return took
