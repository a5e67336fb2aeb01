"""P-15: five times the normal load for half a minute; how soon the system is as fast as before once it is over."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from statistics import median

import aiohttp
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, Spread

from tests.bench._careers import record
from tests.bench._open_loop import at_rate
from tests.bench._running import running_system
from tests.bench.reads import PERIODS, reader, shown
from tests.eventually import eventually

NORMAL_PER_SECOND, TIMES = 60.0, 5
WARM_UP_SECONDS, BEFORE_SECONDS, SPIKE_SECONDS, AFTER_SECONDS = 5.0, 20.0, 30.0, 20.0
WINDOW_SECONDS, WINDOWS_IN_A_ROW = 1.0, 3
TOLERANCE = 1.2
TARGET_SECONDS = 10.0
# Who gets no answer for so long has gone.
_PATIENCE = aiohttp.ClientTimeout(total=10)
_READ = "participants/me/participation/social"


@dataclass(frozen=True)
class Read:
    """One read: when it was due, in seconds of its phase, and how it ended; status 0 is no answer at all."""

    due: float
    milliseconds: float
    status: int

    @property
    def answered(self) -> bool:
        return self.status == HTTPStatus.OK


@dataclass(frozen=True)
class Phase:
    reads: list[Read]

    @property
    def share_answered(self) -> float:
        return sum(read.answered for read in self.reads) / len(self.reads)

    @property
    def milliseconds(self) -> list[float]:
        return [read.milliseconds for read in self.reads]

    def p95_by_window(self) -> list[float]:
        """Return the p95 of the reads due in each window, the earliest first; a refusal counts as endless."""
        windows: dict[int, list[float]] = {}
        for read in self.reads:
            window = windows.setdefault(int(read.due / WINDOW_SECONDS), [])
            window.append(read.milliseconds if read.answered else math.inf)
        return [Spread.of(windows[number]).p95 for number in sorted(windows)]


async def run(environment: Environment) -> list[Figure]:
    environment.without_servers()
    async with running_system(environment.directory / "system") as system, reader(system) as http:
        await record(system.records.store, system.participant_id, PERIODS)
        await eventually(lambda: shown(http), 60, says="all periods in the read model")
        await phase(http, NORMAL_PER_SECOND, WARM_UP_SECONDS)
        before = await phase(http, NORMAL_PER_SECOND, BEFORE_SECONDS)
        async with asyncio.TaskGroup() as phases:
            spike = phases.create_task(phase(http, NORMAL_PER_SECOND * TIMES, SPIKE_SECONDS))
            # Not awaited: what the spike left undone is what the normal reads after it have to wait behind.
            await asyncio.sleep(SPIKE_SECONDS)
            after = phases.create_task(phase(http, NORMAL_PER_SECOND, AFTER_SECONDS))
    return [figure(before, spike.result(), after.result())]


async def phase(http: aiohttp.ClientSession, per_second: float, seconds: float) -> Phase:
    """Read at an even rate, whatever became of the reads before; refusals and missing answers are kept as such."""
    ended: list[tuple[int, int]] = []

    async def read(number: int) -> None:
        ended.append((number, await _status(http)))

    # Times come in the order in which the calls ended, as `ended` does.
    times = await at_rate(per_second, seconds, read)
    pairs = zip(ended, times, strict=True)
    return Phase([Read(number / per_second, taken, status) for (number, status), taken in pairs])


async def _status(http: aiohttp.ClientSession) -> int:
    try:
        async with http.get(_READ, timeout=_PATIENCE) as response:
            await response.read()
            return response.status
    except (aiohttp.ClientError, TimeoutError):
        return 0


def seconds_until_normal(normal_p95: float, p95_by_window: Sequence[float]) -> float | None:
    """Return the end of the first window from which some in a row are as fast as normal; nothing if there is none."""
    normal = [p95 <= normal_p95 * TOLERANCE for p95 in p95_by_window]
    for number in range(len(normal) - WINDOWS_IN_A_ROW + 1):
        if all(normal[number : number + WINDOWS_IN_A_ROW]):
            return (number + 1) * WINDOW_SECONDS
    return None


def figure(before: Phase, spike: Phase, after: Phase) -> Figure:
    normal = median(before.p95_by_window())
    back = seconds_until_normal(normal, after.p95_by_window())
    overall = Spread.of(after.milliseconds)
    return Figure(
        id="P-15",
        name=f"reads at {TIMES} x {NORMAL_PER_SECOND:.0f}/s for {SPIKE_SECONDS:.0f} s, then normal: p95 is back",
        value=AFTER_SECONDS if back is None else back,
        unit="s",
        target=f"<= {TARGET_SECONDS:.0f} s",
        met=back is not None and back <= TARGET_SECONDS,
        n=sum(len(one.reads) for one in (before, spike, after)),
        p50=overall.p50,
        p95=overall.p95,
        p99=overall.p99,
        detail={
            "percentiles": "milliseconds of the reads after the spike, from when each was due",
            "came back": back is not None,
            "normal p95, median of windows": normal,
            "p95 by window after the spike": [_finite(p95) for p95 in after.p95_by_window()],
            "answered 200": {
                "before": before.share_answered,
                "spike": spike.share_answered,
                "after": after.share_answered,
            },
            "p95 of the spike": Spread.of(spike.milliseconds).p95,
            "window": f"{WINDOW_SECONDS} s",
        },
    )


def _finite(p95: float) -> float | None:
    return p95 if math.isfinite(p95) else None
