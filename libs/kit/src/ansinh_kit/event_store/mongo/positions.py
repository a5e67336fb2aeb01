"""The counter of the log: every position is handed out once, in ascending order, to one writer."""

from ansinh_kit.database import BulkRejectedError, Collection, DuplicateKeyError
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.mongo.documents import place_is_taken, tombstone
from ansinh_kit.mongo import translated

_COUNTER = "commits"


class Positions:
    def __init__(self, counters: Collection) -> None:
        self._counters = counters

    async def start_after(self, position: int) -> None:
        """See to it that positions up to `position` are not handed out, whatever became of the counter."""
        beyond = {"$max": {"reserved": position}}
        try:
            with translated():
                await self._counters.update_one({"_id": _COUNTER}, beyond, upsert=True)
        except DuplicateKeyError:
            # Two processes made it at once, and this one lost: now it is there.
            with translated():
                await self._counters.update_one({"_id": _COUNTER}, beyond)

    async def reserved(self) -> int:
        """Return the greatest position handed out, 0 if none ever was."""
        with translated():
            counter = await self._counters.find_one({"_id": _COUNTER})
        return 0 if counter is None else int(counter["reserved"])

    async def reserve(self, count: int) -> range:
        """Return `count` positions above every position reserved before by anyone.

        If the answer is lost they stay unused: readers put tombstones there.
        """
        with translated():
            counter = await self._counters.find_one_and_update(
                {"_id": _COUNTER}, {"$inc": {"reserved": count}}, return_document=True
            )
        if counter is None:
            # `start_after` made it. Starting over from zero would hand out positions that are taken.
            raise UnavailableError("mongodb")
        reserved: int = counter["reserved"]
        return range(reserved - count + 1, reserved + 1)


async def fill(commits: Collection, positions: range) -> None:
    """Put tombstones at those of `positions` where nothing stands. Afterwards something stands at each, for ever."""
    tombstones = [tombstone(position) for position in positions]
    try:
        with translated():
            await commits.insert_many(tombstones, ordered=False)
    except BulkRejectedError as rejected:
        if not all(place_is_taken(tombstones[failure.index], failure) for failure in rejected.failures):
            raise
