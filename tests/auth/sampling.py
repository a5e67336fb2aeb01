"""Samples of answers and of the time they took, to see whether either tells one case from another (OTC-11)."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from statistics import median

from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.auth.mann_whitney import p_value

WARM_UP, SAMPLES, MORE_SAMPLES = 10, 300, 1_000
# Whatever differs from one answer to the next one of the very same case.
IDS_AND_DATES = re.compile(
    rb'[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)|(?<="token":")[^"]+|(?<="counter_reference":")[^"]+'
)

Ask = Callable[[], Awaitable[HttpAnswer]]


async def nothing_before() -> None:
    """Prepare nothing."""


@dataclass
class Case:
    """What is asked again and again; `before` is done first each time, and not timed."""

    ask: Ask
    before: Callable[[], Awaitable[None]] = nothing_before
    milliseconds: list[float] = field(default_factory=list)
    seen: set[tuple[object, ...]] = field(default_factory=set)

    async def sample(self, *, counts: bool) -> None:
        await self.before()
        began = time.perf_counter()
        answer = await self.ask()
        taken = (time.perf_counter() - began) * 1000
        headers = tuple(sorted((name, value) for name, value in answer.headers.items() if name != "x-request-id"))
        self.seen.add((answer.status, headers, IDS_AND_DATES.sub(b"*", answer.body)))
        if counts:
            self.milliseconds.append(taken)


async def sampled(cases: Mapping[str, Case], samples: int) -> None:
    for number in range(WARM_UP + samples):
        for case in cases.values():
            await case.sample(counts=number >= WARM_UP)


def told_apart(cases: Mapping[str, Case]) -> dict[str, str]:
    """Return the cases whose times differ from those of the first, by both measures."""
    first, *others = cases
    base = cases[first].milliseconds
    found = {}
    for name in others:
        times = cases[name].milliseconds
        p, off = p_value(base, times), abs(median(times) / median(base) - 1)
        if p <= 0.01 and off > 0.03:
            found[name] = f"median {median(times):.2f} ms against {median(base):.2f} ms, p = {p:.2g}"
    return found


async def assert_alike(cases: Mapping[str, Case]) -> None:
    """A difference in time counts if it is still there when looked at again with more samples."""
    await sampled(cases, SAMPLES)
    if told_apart(cases):
        for case in cases.values():
            case.milliseconds.clear()
        await sampled(cases, MORE_SAMPLES)
    assert len({answer for case in cases.values() for answer in case.seen}) == 1, {
        name: case.seen for name, case in cases.items()
    }
    assert not told_apart(cases)
