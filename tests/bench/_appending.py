"""What the append benchmarks share: the commit, the callers, and the floor it is measured against."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from ansinh_kit.database import Database
from ansinh_kit.event_store.commit_log import NewCommit, StoredEvent
from ansinh_kit.event_store.mongo.documents import document_of, new_commit

CALLERS = 64

_positions = count(1)


@dataclass(frozen=True)
class Run:
    """What closed-loop callers reached: calls per second, and how long each call took."""

    per_second: float
    milliseconds: list[float]


async def call_for(seconds: float, call: Callable[[], Awaitable[object]]) -> Run:
    """Let `CALLERS` callers make one call after another until the time is over."""
    milliseconds: list[float] = []
    began = time.perf_counter()

    async def caller() -> None:
        while (asked := time.perf_counter()) < began + seconds:
            await call()
            milliseconds.append((time.perf_counter() - asked) * 1000)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return Run(len(milliseconds) / (time.perf_counter() - began), milliseconds)


def a_commit() -> NewCommit:
    """Return the first commit of a new stream: two events of a usual size."""
    return NewCommit(
        stream_id=f"participant-{uuid.uuid4().hex}",
        expected_version=0,
        events=[_an_event(), _an_event()],
        commit_id=uuid.uuid4().hex,
        metadata={
            "correlation_id": uuid.uuid4().hex,
            "causation_id": None,
            "actor": "staff-benchmark",
            "traceparent": None,
        },
    )


def _an_event() -> StoredEvent:
    return StoredEvent(
        event_id=str(uuid.uuid4()),
        event_type="period_recorded",
        schema_version=1,
        data={
            "participant_id": uuid.uuid4().hex,
            "employer_id": uuid.uuid4().hex,
            "first_month": "2025-01",
            "last_month": "2025-12",
            "monthly_income": 9_600_000,
        },
    )


async def insert_plainly(database: Database) -> None:
    """Write the same bytes as a commit with the driver's own call, to a collection without further indexes."""
    commit = new_commit(a_commit(), position=next(_positions), recorded_at=datetime.now(UTC))
    await database["plain"].insert_one(document_of(commit))
