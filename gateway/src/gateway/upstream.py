"""One service as the gateway reaches it: its own connections, a bound on what is under way, and when to leave it be."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import aiohttp
from yarl import URL

from gateway.circuit_breaker import BreakerRule, CircuitBreaker
from gateway.rate_limits import Monotonic
from gateway.refusals import Refusal, RefusalCode
from gateway.retry_budget import RetryBudget
from gateway.upstream_metrics import ServiceMetrics

_LEFT_TO_THE_CLIENT = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


@dataclass(frozen=True, slots=True)
class UpstreamLimits:
    """LIM-26 and LIM-27 towards one service."""

    connections: int = 100
    queue: int = 200
    buffer_bytes: int = 64 * 1024
    connect_seconds: float = 1.0
    retry_share: float = 0.1
    breaker: BreakerRule = field(default_factory=BreakerRule)
    # Less than the five seconds after which the services close an idle connection: a stale one is then rare.
    keep_alive_seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """A request as the service gets it. `body` is whole, to be streamed, or absent."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | AsyncIterator[bytes] | None

    @property
    def may_be_sent_again(self) -> bool:
        """Whether a second sending changes nothing (GW-12). The client library repeats the other methods itself."""
        return self.method == "POST" and isinstance(self.body, bytes) and "Idempotency-Key" in self.headers


class Upstream:
    """Sends requests to one service. Made inside the running loop; `close` ends its connections.

    Attributes:
        under_way: How many requests hold a place now, those waiting for a connection included.
    """

    def __init__(self, base_url: str, limits: UpstreamLimits, *, metrics: ServiceMetrics, monotonic: Monotonic) -> None:
        self._base_url = base_url
        self._max_under_way = limits.connections + limits.queue
        self._metrics = metrics
        self._retries = RetryBudget(limits.retry_share)
        self._http = new_client(limits)
        self.breaker = CircuitBreaker(limits.breaker, monotonic=monotonic)
        self.under_way = 0

    async def close(self) -> None:
        await self._http.close()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the places to this service.

        Raises:
            Refusal: All connections and the queue for them are taken (GW-11), or the circuit is open (GW-13).
        """
        self._enter()
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1
            self._metrics.show(under_way=self.under_way, circuit_open=self.breaker.is_open)

    def _enter(self) -> None:
        if self.under_way >= self._max_under_way:
            self._metrics.ended("full")
            raise Refusal("overloaded", retry_after_seconds=1)
        try:
            self.breaker.enter()
        except Refusal:
            self._metrics.ended("circuit_open")
            raise

    def was_late(self) -> None:
        """Note that the service had the whole request and did not begin to answer in time."""
        self.breaker.failed()
        self._metrics.ended("late")

    async def send(self, request: OutgoingRequest) -> aiohttp.ClientResponse:
        """Return the response once its head has come; its body is still to be read, and it is to be closed.

        Raises:
            Refusal: The service cannot be reached (503), or broke off before it answered (502).
        """
        self._retries.earn()
        try:
            response = await self._send_twice_if_harmless(request)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise self._failed("unreachable", "upstream_unavailable") from error
        except (aiohttp.ClientError, OSError) as error:
            raise self._failed("broken", "upstream_failed") from error
        self.breaker.answered()
        self._metrics.ended("answered")
        return response

    def _failed(self, outcome: Literal["unreachable", "broken"], code: RefusalCode) -> Refusal:
        self.breaker.failed()
        self._metrics.ended(outcome)
        return Refusal(code, retry_after_seconds=2)

    async def _send_twice_if_harmless(self, request: OutgoingRequest) -> aiohttp.ClientResponse:
        try:
            return await self._send(request)
        except (aiohttp.ServerDisconnectedError, ConnectionResetError):
            if not (request.may_be_sent_again and self._retries.spend()):
                raise
        self._metrics.retried()
        return await self._send(request)

    async def _send(self, request: OutgoingRequest) -> aiohttp.ClientResponse:
        return await self._http.request(
            request.method,
            URL(self._base_url + request.target, encoded=True),
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
        )


def new_client(limits: UpstreamLimits) -> aiohttp.ClientSession:
    """Return an HTTP client that adds nothing of its own: no cookies, no redirects, no unpacking, no proxies."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=limits.connections, keepalive_timeout=limits.keep_alive_seconds),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.connect_seconds),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=_LEFT_TO_THE_CLIENT,
        auto_decompress=False,
        read_bufsize=limits.buffer_bytes,
    )
