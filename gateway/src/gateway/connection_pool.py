"""The connections to one service: kept while they are fresh, never more than allowed, handed on in order."""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass
from typing import Final

from yarl import URL

from gateway.service_answer import ServiceUnreachableError
from gateway.service_connection import ServiceConnection

_HTTPS_PORT: Final = 443
_HTTP_PORT: Final = 80


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """LIM-26 and LIM-27 for connections."""

    connections: int = 100
    buffer_bytes: int = 64 * 1024
    connect_seconds: float = 1.0
    # Less than the five seconds after which the services close an idle connection: a stale one is then rare.
    keep_alive_seconds: float = 3.0


class ConnectionPool:
    """Lends connections to one address. Made inside the running loop, which cannot end before `close` was called.

    Who waits for a place gets one in the order of coming. The connection used last is lent first, so that those a
    burst needed grow old and are closed.
    """

    def __init__(self, base_url: str, limits: PoolLimits) -> None:
        url = URL(base_url)
        secure = url.scheme == "https"
        self._host = url.host or ""
        self._port = url.port or (_HTTPS_PORT if secure else _HTTP_PORT)
        self._tls = ssl.create_default_context() if secure else None
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._idle: list[tuple[float, ServiceConnection]] = []
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._lent = 0
        self._lent_connections: set[ServiceConnection] = set()
        self._closed = False
        self._sweep: asyncio.TimerHandle | None = None

    async def take(self, *, fresh: bool = False) -> ServiceConnection:
        """Lend a connection; give it back with `give_back`, whatever became of it.

        Args:
            fresh: Not one that was used before.

        Raises:
            ServiceUnreachableError: No connection could be made in time.
        """
        if self._lent < self._limits.connections:
            self._lent += 1
        else:
            await self._wait_for_place()
        connection = None if fresh else self._newest_idle()
        if connection is None:
            try:
                connection = await self._connect()
            except BaseException:
                self._free_place()
                raise
        self._lent_connections.add(connection)
        return connection

    def give_back(self, connection: ServiceConnection) -> None:
        """Take the connection back: to be lent again if its exchange is over, closed otherwise."""
        answer = connection.answer
        self._lent_connections.discard(connection)
        if answer.complete and answer.reusable and not connection.is_gone and not self._closed:
            connection.used = True
            self._idle.append((self._loop.time(), connection))
            self._sweep_later()
        else:
            connection.close()
        self._free_place()

    def close(self) -> None:
        """End all connections, also those that are lent."""
        self._closed = True
        for lent in self._lent_connections:
            lent.close()
        while self._idle:
            self._idle.pop()[1].close()
        if self._sweep is not None:
            self._sweep.cancel()

    async def _wait_for_place(self) -> None:
        turn = self._loop.create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._free_place()  # our turn had come just now: the next one's, then
            raise

    def _free_place(self) -> None:
        """Hand the place to who has waited longest: it is never free in between for somebody who comes just then."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._lent -= 1

    def _newest_idle(self) -> ServiceConnection | None:
        oldest = self._loop.time() - self._limits.keep_alive_seconds
        while self._idle:
            since, connection = self._idle.pop()
            if since > oldest and not connection.is_gone:
                return connection
            connection.close()
        return None

    async def _connect(self) -> ServiceConnection:
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                _, connection = await self._loop.create_connection(
                    lambda: ServiceConnection(buffer_bytes=self._limits.buffer_bytes),
                    self._host,
                    self._port,
                    ssl=self._tls,
                    server_hostname=self._host if self._tls else None,
                )
        except (OSError, TimeoutError) as error:
            raise ServiceUnreachableError from error
        return connection

    def _sweep_later(self) -> None:
        if self._sweep is None:
            self._sweep = self._loop.call_later(self._limits.keep_alive_seconds, self._close_old_ones)

    def _close_old_ones(self) -> None:
        self._sweep = None
        oldest = self._loop.time() - self._limits.keep_alive_seconds
        fresh = [(since, connection) for since, connection in self._idle if since > oldest]
        for since, connection in self._idle:
            if since <= oldest:
                connection.close()
        self._idle = fresh
        if fresh:
            self._sweep_later()
