"""One supervised connection to the broker; what stands on it comes back by itself. Source: ADR-0003."""

import asyncio
from typing import Final

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.connection import make_url
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from ansinh_kit.errors import UnavailableError
from ansinh_kit.messaging.retry import Backoff

_HEARTBEAT_SECONDS: Final = 10
_TIMEOUT_SECONDS: Final = 5.0

BROKER_ERRORS: Final = (*CONNECTION_EXCEPTIONS, TimeoutError)
"""What talking to the broker may raise: the connection or channel is gone, or no answer came in time."""

log = structlog.get_logger(__name__)


class Broker:
    """Keeps one connection open: plain `aio_pika.connect`, supervised here.

    Not `connect_robust`: it restores channels behind the back of their owners, and consumers that silently stay
    dead afterwards are the client's most reported fault. Here a lost connection ends every channel, and each owner
    (relay, consumer) opens a new one, declares what it needs and starts again.

    Args:
        name: Shown in the broker's list of connections.
        namespace: Put before the name of every exchange and queue.
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
                connection = await aio_pika.connect(self._url, timeout=_TIMEOUT_SECONDS)
            except BROKER_ERRORS as error:
                attempt += 1
                log.warning("broker_unreachable", attempt=attempt, error=type(error).__name__)
                await asyncio.sleep(self._backoff.seconds_before(attempt))
                continue
            attempt = 1
            await self._hold(connection)

    async def channel(self) -> AbstractChannel:
        """Wait for the connection and return a new channel with confirms; a returned message raises.

        The channel is the caller's to close.

        Raises:
            UnavailableError: The connection was lost while the channel was being opened.
        """
        await self._connected.wait()
        if self._connection is None:
            raise UnavailableError("rabbitmq")
        channel = self._connection.channel(publisher_confirms=True, on_return_raises=True)
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await channel.initialize()
        except BROKER_ERRORS as error:
            raise UnavailableError("rabbitmq") from error
        return channel

    def named(self, *parts: str) -> str:
        """Return the name of an exchange or a queue in this broker's namespace."""
        return self.namespace + ".".join(parts)

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
            await connection.close()
        log.warning("broker_connection_lost")
