"""What is asked once and answered once: right or wrong, for one purpose, within minutes.

{_id, purpose, account_id, session_epoch, expires_at, used_at, delete_at, and what the asker keeps}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansinh_kit.database import Document
from ansinh_kit.mongo import Database, translated


@dataclass(frozen=True, slots=True)
class Bound:
    """The session that something belongs to; nobody's yet, as long as nobody is logged in."""

    account_id: str | None = None
    session_epoch: int | None = None


NO_SESSION = Bound()


class SingleUse:
    def __init__(self, database: Database, name: str) -> None:
        self._collection = database[name]

    async def create_indexes(self) -> None:
        with translated():
            await self._collection.create_index([("delete_at", 1)], expireAfterSeconds=0)

    async def open(
        self, item_id: str, purpose: str, *, bound: Bound, expires_at: datetime, kept: Mapping[str, Any]
    ) -> None:
        """Store it with what is `kept` for whoever answers."""
        document = {
            "_id": item_id,
            "purpose": purpose,
            "account_id": bound.account_id,
            "session_epoch": bound.session_epoch,
            **kept,
            "expires_at": expires_at,
            "used_at": None,
            "delete_at": expires_at,
        }
        with translated():
            await self._collection.insert_one(document)

    async def use(
        self, item_id: str, purpose: str, *, bound: Bound, now: datetime, known: Mapping[str, str] | None = None
    ) -> Document | None:
        """Return it and never again; `None` if it is used, over, or of another purpose, session or knower.

        Args:
            known: What only the rightful one knows of what was kept. Whoever does not uses nothing up.
        """
        alive = {
            "_id": item_id,
            "purpose": purpose,
            "account_id": bound.account_id,
            "session_epoch": bound.session_epoch,
            **(known or {}),
            "used_at": None,
            "expires_at": {"$gt": now},
        }
        with translated():
            return await self._collection.find_one_and_update(alive, {"$set": {"used_at": now}})
