"""Serves a gateway: two ports, one loop, and an end in order (GW-18)."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
import uvloop

from gateway.app import Gateway, build_gateway, head_limits
from gateway.asgi import Application
from gateway.protocol import edge_protocol
from gateway.settings import GatewaySettings


async def serve(settings: GatewaySettings, stop: asyncio.Event) -> None:
    """Serve until `stop` is set; then report not ready, take no more connections, and finish what is under way."""
    async with build_gateway(settings) as gateway:
        servers = list(_servers(settings, gateway))
        running = [asyncio.create_task(server.serve(), name=f"port-{server.config.port}") for server in servers]
        stopped = asyncio.create_task(stop.wait(), name="stop")
        # A server that ends by itself could not bind its port or has failed: the process must not live on without it.
        await asyncio.wait([stopped, *running], return_when=asyncio.FIRST_COMPLETED)
        gateway.readiness.drain()
        for server in servers:
            server.should_exit = True
        stopped.cancel()
        await asyncio.gather(*running)


class _Server(uvicorn.Server):
    """A server that leaves signals to the process it runs in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def public_config(settings: GatewaySettings, app: Application) -> uvicorn.Config:
    """Return how the public port is served; every name and header the outside need not see is off."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=edge_protocol(head_limits(settings)),
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.drain_seconds,
    )


def _servers(settings: GatewaySettings, gateway: Gateway) -> Iterator[uvicorn.Server]:
    yield _Server(public_config(settings, gateway.edge))
    if settings.operations_port is not None:
        yield _Server(_operations_config(settings, settings.operations_port, gateway.operations))


def _operations_config(settings: GatewaySettings, port: int, app: Application) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )


def run(settings: GatewaySettings) -> None:
    """Serve until SIGTERM or SIGINT."""

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await serve(settings, stop)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
