"""One limit over several gateways: each takes from its own buckets what it hears the others took (GW-16, ADR-0028).

Nothing here is awaited by a request. What is told late, twice, by nobody of us or not at all changes only how far the
gateways together may go beyond a limit; without the broker each keeps it alone.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Literal

from ansinh_kit.clock import Clock, IdGenerator

from gateway.limit_news import LimitNews, LimitNewsSeal, UnreadableNewsError, read_news
from gateway.limit_news_metrics import Heard, LimitNewsMetrics
from gateway.neighbours import Neighbours
from gateway.rate_limits import Monotonic, TokenBuckets

LimitName = Literal["guests", "holders"]
Send = Callable[[bytes], Awaitable[bool]]

# The clocks of gateways agree within 5 s (LIM-20). By then the tokens are long back in the buckets anyway.
_LATE_MILLISECONDS: Final = 10_000
# A message of a clock that is ahead by as much is not late until then.
_PRESENT_SECONDS: Final = 2 * _LATE_MILLISECONDS / 1000


class SharedLimits:
    """Tells the other gateways what was taken here and takes here what was taken there.

    Args:
        send: Returns whether the message went out; never raises, never waits for long.
    """

    def __init__(
        self,
        buckets: Mapping[LimitName, TokenBuckets],
        send: Send,
        *,
        seal: LimitNewsSeal,
        clock: Clock,
        ids: IdGenerator,
        monotonic: Monotonic,
        metrics: LimitNewsMetrics,
    ) -> None:
        self._buckets = buckets
        self._send = send
        self._seal = seal
        self._clock = clock
        self._monotonic = monotonic
        self._metrics = metrics
        self._sender = ids.new_id()
        self._number = 0
        self._heard_at = monotonic()
        self._neighbours = Neighbours(monotonic=monotonic, present_seconds=_PRESENT_SECONDS)
        metrics.show(age_seconds=lambda: self._monotonic() - self._heard_at, neighbours=self._neighbours.present)

    async def tell(self) -> None:
        """Tell what was taken since the last call, also if it is nothing: whoever is silent may be cut off.

        What cannot be told now never is. Told after an outage it would come as one lump, when the tokens have long
        come back, and would shut out who kept the limit all the time.
        """
        takings = {name: bucket.takings() for name, bucket in self._buckets.items()}
        self._number += 1
        news = LimitNews(
            sender=self._sender,
            number=self._number,
            sent_at=self._now(),
            taken={name: taken.by_key for name, taken in takings.items()},
        )
        self._metrics.untold(sum(taken.untold for taken in takings.values()))
        if not await self._send(self._seal.close(news.model_dump_json().encode())):
            self._metrics.untold(sum(sum(taken.by_key.values()) for taken in takings.values()))

    def hear(self, message: bytes) -> None:
        """Take what the message says was taken, unless it is not to be believed; it may be anything."""
        try:
            outcome: Heard = self._take(read_news(self._seal.open(message)))
        except UnreadableNewsError as error:
            outcome = error.reason
        self._metrics.heard(outcome)

    def _take(self, news: LimitNews) -> Heard:
        if abs(self._now() - news.sent_at) > _LATE_MILLISECONDS:
            return "late"
        self._heard_at = self._monotonic()
        if news.sender == self._sender:
            return "own"
        if not self._neighbours.is_new(news.sender, news.number):
            return "repeated"
        for name, bucket in self._buckets.items():
            for key, tokens in news.taken.get(name, {}).items():
                bucket.taken_elsewhere(key, tokens)
        return "applied"

    def _now(self) -> int:
        return int(self._clock.now().timestamp() * 1000)
