"""One service as the gateway reaches it: its own connections, a bound on what is under way, and when to leave it be."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal

from yarl import URL

from gateway.asgi import Headers
from gateway.circuit_breaker import BreakerRule, CircuitBreaker
from gateway.connection_pool import ConnectionPool, PoolLimits
from gateway.outgoing import OutgoingRequest
from gateway.rate_limits import Monotonic
from gateway.refusals import Refusal, RefusalCode
from gateway.retry_budget import RetryBudget
from gateway.service_answer import ServiceGoneError, ServiceUnreachableError
from gateway.service_connection import ServiceConnection
from gateway.upstream_metrics import ServiceMetrics


@dataclass(frozen=True, slots=True)
class UpstreamLimits:
    """LIM-26 and LIM-27 towards one service."""

    pool: PoolLimits = field(default_factory=PoolLimits)
    queue: int = 200
    retry_share: float = 0.1
    breaker: BreakerRule = field(default_factory=BreakerRule)


class Answer:
    """A service's answer, its head complete. `release` it in any case."""

    def __init__(self, connection: ServiceConnection, pool: ConnectionPool, sending: asyncio.Task[None] | None) -> None:
        self._connection = connection
        self._pool = pool
        self._sending = sending

    @property
    def status(self) -> int:
        return self._connection.answer.status

    @property
    def headers(self) -> Headers:
        return self._connection.answer.headers

    async def next_piece(self) -> tuple[bytes, bool]:
        """Return the next of the body, and whether more follows.

        Raises:
            ServiceGoneError: The answer broke off.
        """
        return await self._connection.next_piece()

    def release(self) -> None:
        """Give the connection back; it is used again only if request and answer are complete."""
        if self._sending is not None and not _was_sent(self._sending):
            self._connection.close()
        self._pool.give_back(self._connection)


class Upstream:
    """Sends requests to one service. Made inside the running loop; `close` ends its connections.

    Attributes:
        under_way: How many requests hold a place now, those waiting for a connection included.
    """

    def __init__(self, base_url: str, limits: UpstreamLimits, *, metrics: ServiceMetrics, monotonic: Monotonic) -> None:
        self._host = URL(base_url).authority
        self._max_under_way = limits.pool.connections + limits.queue
        self._metrics = metrics
        self._retries = RetryBudget(limits.retry_share)
        self._pool = ConnectionPool(base_url, limits.pool)
        self.breaker = CircuitBreaker(limits.breaker, monotonic=monotonic)
        self.under_way = 0
        metrics.show(under_way=lambda: self.under_way, circuit_open=lambda: self.breaker.is_open)

    def close(self) -> None:
        """End all connections."""
        self._pool.close()

    def place(self) -> AbstractContextManager[None]:
        """Hold one of the places to this service.

        Raises:
            Refusal: On entry, all connections and the queue for them are taken (GW-11), or the circuit is open (GW-13).
        """
        return self  # all there is to a place is that it is counted

    def __enter__(self) -> None:
        if self.under_way >= self._max_under_way:
            self._metrics.ended("full")
            raise Refusal("overloaded", retry_after_seconds=1)
        try:
            self.breaker.enter()
        except Refusal:
            self._metrics.ended("circuit_open")
            raise
        self.under_way += 1

    def __exit__(self, *error: object) -> None:
        self.under_way -= 1

    def was_late(self) -> None:
        """Note that the service had the whole request and did not begin to answer in time."""
        self.breaker.failed()
        self._metrics.ended("late")

    async def send(self, request: OutgoingRequest) -> Answer:
        """Return the answer once its head has come.

        Raises:
            Refusal: The service cannot be reached (503), or broke off before it answered (502).
            Exception: Whatever reading a streamed body raised.
        """
        self._retries.earn()
        try:
            answer = await self._send_twice_if_harmless(request)
        except ServiceUnreachableError as error:
            raise self._failed("unreachable", "upstream_unavailable") from error
        except ServiceGoneError as error:
            raise self._failed("broken", "upstream_failed") from error
        self.breaker.answered()
        self._metrics.ended("answered")
        return answer

    def _failed(self, outcome: Literal["unreachable", "broken"], code: RefusalCode) -> Refusal:
        self.breaker.failed()
        self._metrics.ended(outcome)
        return Refusal(code, retry_after_seconds=2)

    async def _send_twice_if_harmless(self, request: OutgoingRequest) -> Answer:
        connection = await self._pool.take()
        was_used = connection.used
        try:
            return await self._send(request, connection)
        except ServiceGoneError as error:
            stale = was_used and error.nothing_came
            if not (stale and request.may_be_sent_again and self._retries.spend()):
                raise
        self._metrics.retried()
        return await self._send(request, await self._pool.take(fresh=True))

    async def _send(self, request: OutgoingRequest, connection: ServiceConnection) -> Answer:
        sending: asyncio.Task[None] | None = None
        try:
            connection.begin(request.head(self._host))
            if isinstance(request.body, AsyncIterator):
                sending = asyncio.create_task(
                    connection.send_body(request.body, chunked=request.is_chunked), name="request-body"
                )
                await _head_or_broken_body(connection, sending)
            else:
                await connection.wait_for_head()
        except BaseException:
            await _give_up(connection, sending)
            self._pool.give_back(connection)
            raise
        return Answer(connection, self._pool, sending)


def _was_sent(sending: asyncio.Task[None]) -> bool:
    """Say whether the body was sent to its end; stop sending it if not."""
    return not sending.cancel() and not sending.cancelled() and sending.exception() is None


async def _head_or_broken_body(connection: ServiceConnection, sending: asyncio.Task[None]) -> None:
    """Return once the answer's head has come, maybe before the body is all sent; raise what stopped the body."""
    head = asyncio.create_task(connection.wait_for_head(), name="answer-head")
    try:
        await asyncio.wait((head, sending), return_when=asyncio.FIRST_COMPLETED)
        if sending.done() and not head.done() and (error := sending.exception()) is not None:
            if isinstance(error, ServiceGoneError):
                # It may have answered before it closed: what it said matters more than what it would not hear.
                await head
                return
            raise error
        await head
    finally:
        head.cancel()


async def _give_up(connection: ServiceConnection, sending: asyncio.Task[None] | None) -> None:
    connection.close()
    if sending is not None:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
