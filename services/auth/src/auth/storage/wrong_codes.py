"""How many wrong codes of a kind were shown for an account in a row; the counts are in its access document (LIM-08).

They are beside the decisions: counting moves no epoch, so it never gets in the way of a log-in.
"""

from collections.abc import Mapping
from typing import Final

from ansinh_contracts.notifications import Channel
from ansinh_kit.mongo import Database, translated

from auth.storage.access_documents import COLLECTION

_ROWS: Final[Mapping[Channel, str]] = {"sms": "wrong_codes", "email": "wrong_mailed_codes"}


class WrongCodes:
    def __init__(self, database: Database) -> None:
        self._collection = database[COLLECTION]

    async def count(self, account_id: str, channel: Channel, *, limit: int) -> bool:
        """Count a code as wrong before it is compared; `False`, and nothing counted, once `limit` is reached."""
        row = _ROWS[channel]
        below = {"_id": account_id, row: {"$not": {"$gte": limit}}}
        with translated():
            result = await self._collection.update_one(below, {"$inc": {row: 1}})
        return result.matched_count == 1

    async def forget(self, account_id: str, *channels: Channel) -> None:
        """Begin the rows of these channels again; those of the others stay."""
        with translated():
            await self._collection.update_one(
                {"_id": account_id}, {"$set": {_ROWS[channel]: 0 for channel in channels}}
            )
