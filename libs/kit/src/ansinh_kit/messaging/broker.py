"""One supervised connection to the broker; what stands on it comes back by itself. Source: ADR-0003."""

import asyncio
from contextlib import suppress
from typing import Final

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.connection import make_url

from ansinh_kit.backoff import Backoff
from ansinh_kit.errors import UnavailableError
from ansinh_kit.messaging.client_errors import GIVEN_UP, client_errors

_HEARTBEAT_SECONDS: Final = 10
_TIMEOUT_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


class Broker:
    """Keeps one connection open: plain `aio_pika.connect`, supervised here.

    Not `connect_robust`: it restores channels behind the back of their owners, and consumers that silently stay
    dead afterwards are the client's most reported fault. Here a lost connection ends every channel, and each owner
    (relay, consumer) opens a new one, declares what it needs and starts again.

    Args:
        name: Shown in the broker's list of connections.
        namespace: Put before the name of every exchange and queue, with a dot.
    """

    def __init__(self, url: str, *, name: str, namespace: str = "", backoff: Backoff | None = None) -> None:
        self.namespace = namespace
        self._url = make_url(url, heartbeat=_HEARTBEAT_SECONDS, name=name)
        self._backoff = backoff or Backoff()
        self._connection: AbstractConnection | None = None
        self._connected = asyncio.Event()

    @property
    def ready(self) -> bool:
        """Tell whether the connection is open now."""
        return self._connection is not None

    async def run(self) -> None:
        """Connect, and connect again whenever the connection is lost, until cancelled."""
        attempt = 1
        while True:
            try:
                connection = await self._connect()
            except UnavailableError as error:
                attempt += 1
                log.warning("broker_unreachable", attempt=attempt, error=type(error.__cause__).__name__)
                await asyncio.sleep(self._backoff.seconds_before(attempt))
                continue
            attempt = 1
            await self._hold(connection)

    async def channel(self) -> AbstractChannel:
        """Wait for the connection and return a new channel with confirms, on which a returned message raises.

        The channel is the caller's to close, with `close_channel`.

        Raises:
            UnavailableError: The connection was lost while the channel was being opened.
        """
        await self._connected.wait()
        if self._connection is None:
            raise UnavailableError("rabbitmq")
        channel = self._connection.channel(publisher_confirms=True, on_return_raises=True)
        with client_errors():
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await channel.initialize()
        return channel

    def named(self, *parts: str) -> str:
        """Return the name of an exchange or a queue in this broker's namespace."""
        return ".".join((self.namespace, *parts) if self.namespace else parts)

    async def _connect(self) -> AbstractConnection:
        opening = asyncio.ensure_future(aio_pika.connect(self._url, timeout=_TIMEOUT_SECONDS))
        try:
            with client_errors():
                return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # Cancelled half-way the client leaves an open connection behind that nobody holds: let it end, then close.
            with suppress(UnavailableError), client_errors():
                await _close(await opening)
            raise

    async def _hold(self, connection: AbstractConnection) -> None:
        lost = asyncio.Event()
        connection.close_callbacks.add(lambda *_: lost.set())
        self._connection = connection
        self._connected.set()
        log.info("broker_connected")
        try:
            if connection.connected.is_set():
                await lost.wait()
        finally:
            self._connection = None
            self._connected.clear()
            await _close(connection)
        log.warning("broker_connection_lost")


async def close_channel(channel: AbstractChannel) -> None:
    """Close the channel; one that is gone with its connection is closed already."""
    await _close(channel)


async def _close(closing: AbstractChannel | AbstractConnection) -> None:
    with suppress(UnavailableError), client_errors():
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            await closing.close(GIVEN_UP)
