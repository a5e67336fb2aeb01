"""All open event streams of this gateway, and the one listener that wakes those whose account has news (SES-06)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import structlog
from ansinh_contracts.session_news import NewsAnswer
from ansinh_kit.backoff import Backoff
from ansinh_kit.errors import UnavailableError

from gateway.event_stream import EventStream
from gateway.refusals import Refusal

log = structlog.get_logger(__name__)

AskNews = Callable[[int | None], Awaitable[NewsAnswer]]

_ASK_AGAIN: Final = Backoff(first_seconds=0.05, longest_seconds=2.0)


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """GW-21: how many streams a session and a gateway may hold."""

    per_session: int = 3
    in_all: int = 5_000


class EventStreams:
    """Holds the streams by account. Auth is asked for news only while somebody listens."""

    def __init__(self, ask: AskNews, limits: StreamLimits) -> None:
        self._ask = ask
        self._limits = limits
        self._by_account: dict[str, set[EventStream]] = {}
        self._per_session: Counter[str] = Counter()
        self._someone_listens = asyncio.Event()
        self._draining = False

    @property
    def open(self) -> int:
        """How many streams are open."""
        return self._per_session.total()

    @contextmanager
    def place(self, stream: EventStream) -> Iterator[None]:
        """Hold a place for the stream, and wake it when its account has news.

        Raises:
            Refusal: The session has too many streams (429), or the gateway has, or it is about to end (503).
        """
        self._bound(stream)
        self._per_session[stream.session] += 1
        self._by_account.setdefault(stream.account_id, set()).add(stream)
        self._someone_listens.set()
        try:
            yield
        finally:
            self._release(stream)

    def drain(self) -> None:
        """End every stream now and open no more; browsers come back by themselves, to another gateway."""
        self._draining = True
        for streams in self._by_account.values():
            for stream in streams:
                stream.end()

    async def run(self) -> None:
        """Listen for ever. What changed while auth was away is heard when it is back: the position is kept."""
        position: int | None = None
        failures = 0
        while True:
            if not self._by_account:
                position = None
                await self._someone_listens.wait()
            try:
                news = await self._ask(position)
            except UnavailableError:
                failures += 1
                log.warning("session_news_unavailable", failures=failures)
                await asyncio.sleep(_ASK_AGAIN.seconds_before(failures + 1))
                continue
            failures, position = 0, news.position
            self._wake(news.account_ids)

    def _wake(self, account_ids: tuple[str, ...]) -> None:
        for account_id in account_ids:
            for stream in self._by_account.get(account_id, ()):
                stream.wake()

    def _bound(self, stream: EventStream) -> None:
        if self._draining or self.open >= self._limits.in_all:
            raise Refusal("overloaded", retry_after_seconds=2)
        if self._per_session[stream.session] >= self._limits.per_session:
            raise Refusal("too_many_requests", retry_after_seconds=5)

    def _release(self, stream: EventStream) -> None:
        self._per_session[stream.session] -= 1
        if not self._per_session[stream.session]:
            del self._per_session[stream.session]
        streams = self._by_account[stream.account_id]
        streams.discard(stream)
        if not streams:
            del self._by_account[stream.account_id]
        if not self._by_account:
            self._someone_listens.clear()
