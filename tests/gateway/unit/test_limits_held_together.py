"""How far gateways may go beyond a limit together, and that they do no wrong to who keeps it: ADR-0028, by trial.

Time goes in steps. Every gateway tells after a fixed number of them; how long each message is under way is drawn.
"""

import asyncio
import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from gateway.rate_limits import Rate
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.limits import CountingGateway, Time, counting_gateway

STEP_SECONDS = 0.05
STEPS_BETWEEN_NEWS = 4
MOST_STEPS_UNDER_WAY = 6
STEPS = 80
NEWS_SECONDS = (STEPS_BETWEEN_NEWS + MOST_STEPS_UNDER_WAY) * STEP_SECONDS
"""From a token that is taken until every other gateway has taken it, too: the `d` of the ADR."""

SESSION = Rate(40, 20.0)
ROUNDING = 1e-6

pytestmark = [pytest.mark.sec("GW-16"), pytest.mark.sec("LIM-15")]


@dataclass
class Trial:
    """Gateways under one limit; `granted` holds the moment of every token given away, by any of them."""

    gateways: int
    rate: Rate
    delays: Iterator[int]
    time: Time = field(default_factory=Time)
    granted: list[float] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        self._under_way: list[tuple[int, int, bytes]] = []
        self._step = 0
        self._members: list[CountingGateway] = [
            counting_gateway(self.rate, self._send, time=self.time) for _ in range(self.gateways)
        ]

    async def _send(self, message: bytes) -> bool:
        arrives = self._step + next(self.delays, 0)
        heapq.heappush(self._under_way, (arrives, len(self.granted), message))
        return True

    async def step(self, tries: Sequence[int]) -> None:
        """Let so many be tried at each gateway, then let the news go round."""
        for gateway, wanted in zip(self._members, tries, strict=False):
            allowed = gateway.allowed(wanted)
            self.granted += [self.time.seconds.now] * allowed
            self.refused += wanted - allowed
        if self._step % STEPS_BETWEEN_NEWS == 0:
            for gateway in self._members:
                await gateway.limits.tell()
        while self._under_way and self._under_way[0][0] <= self._step:
            _, _, message = heapq.heappop(self._under_way)
            for gateway in self._members:
                gateway.limits.hear(message)
        self._step += 1
        self.time.pass_by(STEP_SECONDS)

    def most_in_any_time(self) -> float:
        """Return the most that was given away in any stretch of time, less what came back to a bucket meanwhile."""
        most, least = 0.0, math.inf
        for count, moment in enumerate(self.granted):
            level = count - self.rate.per_second * moment
            least = min(least, level)
            most = max(most, level + 1 - least)
        return most


delays = st.lists(st.integers(0, MOST_STEPS_UNDER_WAY), max_size=200).map(iter)


def tries(most: int) -> st.SearchStrategy[list[list[int]]]:
    """Draw how often each of up to four gateways is asked in each step: a few steps, again and again."""
    few = st.lists(st.lists(st.integers(0, most), min_size=4, max_size=4), min_size=1, max_size=20)
    return few.map(lambda steps: (steps * STEPS)[:STEPS])


@given(gateways=st.integers(2, 4), asked=tries(60), delays=delays)
def test_together_they_never_give_away_more_than_one_burst_and_its_news_for_each_further_one(
    gateways: int, asked: list[list[int]], delays: Iterator[int]
) -> None:
    trial = Trial(gateways, SESSION, delays)

    async def all_steps() -> None:
        for tries_of_step in asked:
            await trial.step(tries_of_step)

    asyncio.run(all_steps())
    beyond = (gateways - 1) * (SESSION.burst + SESSION.per_second * NEWS_SECONDS)
    assert trial.most_in_any_time() <= SESSION.burst + beyond + ROUNDING


@given(asked=tries(20), delays=delays)
def test_who_keeps_a_limit_that_is_smaller_by_the_news_under_way_is_never_refused(
    asked: list[list[int]], delays: Iterator[int]
) -> None:
    trial = Trial(2, SESSION, delays)
    level = allowance = SESSION.burst - SESSION.per_second * NEWS_SECONDS

    async def all_steps() -> None:
        nonlocal level
        for wanted in asked:
            kept = []
            for number in wanted[:2]:
                kept.append(min(number, int(level)))
                level -= kept[-1]
            await trial.step(kept)
            level = min(allowance, level + SESSION.per_second * STEP_SECONDS)

    asyncio.run(all_steps())
    assert trial.refused == 0
