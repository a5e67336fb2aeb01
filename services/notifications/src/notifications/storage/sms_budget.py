"""How many SMS may go to one range of numbers, and in all: the answer to toll fraud (LIM-10, OTC-12)."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from ansinh_kit.clock import Clock
from ansinh_kit.database import Database, DuplicateKeyError
from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import translated
from ansinh_kit.personal_data.blind_index import BlindIndex
from prometheus_client import Counter

from notifications.domain.sms_budget import UsedUp

log = structlog.get_logger(__name__)

_OWN_DIGITS: Final = 4
_refusals = Counter("ansinh_sms_budget_refusals_total", "SMS held back by a budget", ["scope"])


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most `most` SMS in each window; windows begin at multiples of their length."""

    most: int
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """`money` is what a day may cost, in SMS at the price that was agreed: each is one part (LIM-10)."""

    prefix: tuple[Allowance, ...] = (Allowance(30, timedelta(minutes=10)), Allowance(300, timedelta(days=1)))
    whole: tuple[Allowance, ...] = (Allowance(600, timedelta(minutes=1)), Allowance(100_000, timedelta(days=1)))
    money: tuple[Allowance, ...] = (Allowance(100_000, timedelta(days=1)),)


class MongoSmsBudget:
    """Counters shared by all processes. A prefix is kept as a blind index: it is most of a phone number."""

    def __init__(
        self,
        database: Database,
        index: BlindIndex,
        clock: Clock,
        *,
        allowances: Allowances,
    ) -> None:
        self._counters = database["sms_budget"]
        self._index = index
        self._clock = clock
        self._allowances = allowances

    async def start(self) -> None:
        """Make the index by which counters of past windows disappear."""
        with translated():
            await self._counters.create_index([("expires_at", 1)], name="expiry", expireAfterSeconds=0)

    async def take(self, target: str) -> UsedUp | None:
        """Count one SMS; if a budget is used up, return the time until its next window."""
        prefix = self._index.of("sms_prefix", target[:-_OWN_DIGITS])
        scopes = [("prefix", prefix, allowance) for allowance in self._allowances.prefix]
        scopes += [("whole", "whole", allowance) for allowance in self._allowances.whole]
        scopes += [("money", "money", allowance) for allowance in self._allowances.money]
        for scope, key, allowance in scopes:
            wait_seconds = await self._take_from(key, allowance)
            if wait_seconds is not None:
                _refusals.labels(scope).inc()
                log.warning("sms_budget_used_up", scope=scope, seconds=math.ceil(wait_seconds))
                return UsedUp(wait_seconds, of_all=scope != "prefix")
        return None

    async def _take_from(self, key: str, allowance: Allowance) -> float | None:
        now = self._clock.now()
        length_seconds = allowance.window.total_seconds()
        window = int(now.timestamp() // length_seconds)
        ends_at = datetime.fromtimestamp((window + 1) * length_seconds, UTC)
        taken = await self._count(f"{key}/{int(length_seconds)}/{window}", ends_at)
        return None if taken <= allowance.most else (ends_at - now).total_seconds()

    async def _count(self, counter_id: str, ends_at: datetime) -> int:
        taken = await self._increment(counter_id)
        if taken is None:
            await self._open_window(counter_id, ends_at)
            taken = await self._increment(counter_id)
        if taken is None:
            raise UnavailableError("mongodb")  # the counter disappeared between two calls: its window has ended
        return taken

    async def _increment(self, counter_id: str) -> int | None:
        with translated():
            document = await self._counters.find_one_and_update(
                {"_id": counter_id}, {"$inc": {"taken": 1}}, return_document=True
            )
        return None if document is None else int(document["taken"])

    async def _open_window(self, counter_id: str, ends_at: datetime) -> None:
        """Make the counter. Not by an upsert: of two first ones that meet, one could not tell what became of it."""
        try:
            with translated():
                await self._counters.insert_one({"_id": counter_id, "taken": 0, "expires_at": ends_at})
        except DuplicateKeyError:
            return
