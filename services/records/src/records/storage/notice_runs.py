"""How far the notices of a month have come: one document per month, kept beside the log."""

from typing import Final, Protocol

from ansinh_kit.database import Database, DuplicateKeyError
from ansinh_kit.mongo import translated

from records.domain.month import Month

BEGINNING: Final = ""
END: Final = "g"
"""Behind every participant id: they are hexadecimal."""


class NoticeRuns(Protocol):
    async def reached(self, month: Month) -> str:
        """Return up to which participant id all is done: `BEGINNING` if nothing is, `END` if everything."""
        ...

    async def note(self, month: Month, reached: str) -> None:
        """Remember that all is done up to `reached`; what was reached before is never taken back."""
        ...


class MongoNoticeRuns:
    """`NoticeRuns` in a collection; safe to use from several processes at once."""

    def __init__(self, database: Database) -> None:
        self._runs = database["notice_runs"]

    async def reached(self, month: Month) -> str:
        with translated():
            run = await self._runs.find_one({"_id": month.iso})
        return BEGINNING if run is None else str(run["reached"])

    async def note(self, month: Month, reached: str) -> None:
        if await self._moved(month, reached):
            return
        try:
            with translated():
                await self._runs.insert_one({"_id": month.iso, "reached": reached})
        except DuplicateKeyError:
            await self._moved(month, reached)  # another process began the month at this moment

    async def _moved(self, month: Month, reached: str) -> bool:
        """Move what is reached forward, if the month was begun; say whether it was."""
        with translated():
            found = await self._runs.update_one({"_id": month.iso}, {"$max": {"reached": reached}})
        return found.matched_count > 0
