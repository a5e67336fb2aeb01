"""P-6: a read model built anew from the log, against a bare cursor over the same documents."""

import statistics
import time

from ansinh_kit.projections.rebuild import HELD_DOCUMENTS, rebuild
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, relative_spread

from tests.bench._full_log import FullLog, full_log

PEOPLE = 5_000
FILES, ROWS = 2, 10
ROUNDS = 3
TARGET_RATIO, TARGET_PER_SECOND = 0.5, 10_000


async def run(environment: Environment) -> list[Figure]:
    async with full_log(environment, people=PEOPLE, files=FILES, rows=ROWS) as log:
        scans, rebuilds = [], []
        # In turns, after one of each to warm up: what the machine does meanwhile hits both.
        for _ in range(ROUNDS + 1):
            scans.append(await scan_once(log))
            rebuilds.append(await rebuild_once(log))
        crowded = await rebuild_once(log, held_documents=PEOPLE // 5)
    return [_figure(rebuilds[1:], scans[1:], crowded)]


async def scan_once(log: FullLog) -> float:
    """Return the events per second of a cursor that goes through the log and does nothing with it."""
    began = time.perf_counter()
    seen = 0
    async for commit in log.database["commits"].find({}).sort([("_id", 1)]):
        seen += len(commit["events"])
    if seen != log.events:
        raise AssertionError(f"{seen} events were scanned, not {log.events}")
    return seen / (time.perf_counter() - began)


async def rebuild_once(log: FullLog, *, held_documents: int = HELD_DOCUMENTS) -> float:
    """Return the events per second of a rebuild, from its start to the switch; the build before is dropped after."""
    projector, store = log.fresh_projector()
    began = time.perf_counter()
    await rebuild(projector, store, report=lambda _: None, held_documents=held_documents)
    per_second = log.events / (time.perf_counter() - began)
    await projector.generations.drop_inactive()
    return per_second


def _figure(rebuilds: list[float], scans: list[float], crowded: float) -> Figure:
    ratios = [rebuilt / scanned for rebuilt, scanned in zip(rebuilds, scans, strict=True)]
    ratio, per_second = statistics.median(ratios), statistics.median(rebuilds)
    return Figure(
        id="P-6",
        name="rebuild of participation with encrypted rows ÷ cursor over the log",
        value=per_second,
        unit="events/s",
        floor=statistics.median(scans),
        ratio=ratio,
        target=f">= {TARGET_RATIO} and >= {TARGET_PER_SECOND:,} events/s",
        met=ratio >= TARGET_RATIO and per_second >= TARGET_PER_SECOND,
        n=len(ratios),
        spread=relative_spread(ratios),
        detail={
            "events": PEOPLE * FILES * ROWS,
            "events a commit": ROWS,
            "people": PEOPLE,
            "ratios": [round(one, 3) for one in ratios],
            "with memory for a fifth of the documents": round(crowded),
            "rebuilds": [round(one) for one in rebuilds],
        },
    )
