"""The monthly round of notices (V-26): over all who have unpaid periods, a page at a time, resumed where it stopped."""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from ansinh_kit.clock import Clock
from ansinh_kit.event_store.store import EventStore

from records.domain.month import Month
from records.domain.notices.schedule import NoticeSchedule
from records.handlers.noticing import Noticing
from records.projections.read_model import ReadModel
from records.storage.notice_runs import END, NoticeRuns

_VIET_NAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_AT_A_TIME: Final = 200
_LAST_BLOCK: Final = 0xFF
_VIEW_FOLLOWS_WITHIN_SECONDS: Final = 30.0

log = structlog.get_logger(__name__)


class MonthlyNotices:
    """Finds whom to notify in the read model; the streams decide, so two processes or two rounds do no harm."""

    def __init__(
        self,
        *,
        store: EventStore,
        arrears: ReadModel,
        noticing: Noticing,
        runs: NoticeRuns,
        clock: Clock,
        schedule: NoticeSchedule,
    ) -> None:
        self._store = store
        self._arrears = arrears
        self._noticing = noticing
        self._runs = runs
        self._clock = clock
        self._schedule = schedule

    async def issue_due(self) -> None:
        """Issue what is missing of this month's notices, on and after their day.

        Raises:
            UnavailableError: Not now, or the read model is far behind; call again, and it goes on where it stopped.
        """
        judged_on = self._schedule.due_on(self._clock.now().astimezone(_VIET_NAM).date())
        if judged_on is None:
            return
        month = Month.containing(judged_on)
        reached = await self._runs.reached(month)
        if reached >= END:
            return
        # A read model that is still being built shows nobody, and the month would be done without a notice.
        position = await self._store.last_position()
        await self._arrears.wait_for(position, timeout_seconds=_VIEW_FOLLOWS_WITHIN_SECONDS)
        while reached < END:
            reached = await self._notify_after(reached, judged_on)
            await self._runs.note(month, reached)
        log.info("notices_issued")

    async def _notify_after(self, reached: str, judged_on: date) -> str:
        """Notify the next page of participants; return up to which id all is done then."""
        last_late = self._schedule.last_late_month(judged_on)
        block_end = _block_end(reached)
        found = await self._arrears.find(
            {"_id": {"$gt": reached, "$lt": block_end}, "first_month": {"$lte": last_late.iso}},
            sort=[("_id", 1)],
            limit=_AT_A_TIME,
        )
        await self._noticing.notify([document["participant_id"] for document in found], judged_on)
        return found[-1]["participant_id"] if len(found) == _AT_A_TIME else block_end


def _block_end(reached: str) -> str:
    """Return the first two digits of the ids behind `reached`'s block: a range with both ends is read by the index."""
    following = int(reached[:2] or "0", 16) + 1
    return f"{following:02x}" if following <= _LAST_BLOCK else END
