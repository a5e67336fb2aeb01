"""Recoveries that were begun, of anybody and of nobody: what was typed is kept as blind indexes, and not for long.

    {_id, token_hash, reference, slot, number: [index], identity: [[index]], asked_at, ends_at,
     prepared_at, approved_for, delete_at}

`number` and `identity` are gone once the work behind the answer is done (`prepared_at`). A document says nothing
about who may enter: that is decided by the account's own document.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.mongo import Database, Document, translated

from auth.storage.identities import IdentityKey

_COLLECTION: Final = "recoveries"
_KEPT_AFTER_THE_END: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRecovery:
    """What somebody asked for: these numbers, one person's or not. `identity` holds a key for each kind it may be."""

    recovery_id: str
    token_hash: str = field(repr=False)
    reference: str
    slot: ContactSlot
    number: IdentityKey
    identity: tuple[IdentityKey, ...]
    asked_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """`approved_for` is the account an officer checked the identity for; its own document says if that still counts."""

    recovery_id: str
    asked_at: datetime
    ends_at: datetime
    approved_for: str | None


class RecoveryDocuments:
    def __init__(self, database: Database) -> None:
        self._collection = database[_COLLECTION]

    async def create_indexes(self) -> None:
        with translated():
            await self._collection.create_index([("delete_at", 1)], expireAfterSeconds=0)
            await self._collection.create_index([("reference", 1)], unique=True)
            await self._collection.create_index([("prepared_at", 1), ("asked_at", 1)])

    async def open(self, asked: AskedRecovery) -> None:
        """Store what was asked for; the work follows (`waiting`).

        Raises:
            DuplicateKeyError: The reference is in use: one in 10^12 begins anew.
        """
        with translated():
            await self._collection.insert_one(
                {
                    "_id": asked.recovery_id,
                    "token_hash": asked.token_hash,
                    "reference": asked.reference,
                    "slot": asked.slot,
                    "number": _key_document(asked.number),
                    "identity": [_key_document(key) for key in asked.identity],
                    "asked_at": asked.asked_at,
                    "ends_at": asked.ends_at,
                    "prepared_at": None,
                    "approved_for": None,
                    "delete_at": asked.ends_at + _KEPT_AFTER_THE_END,
                }
            )

    async def waiting(self, *, limit: int) -> list[AskedRecovery]:
        """Return those whose work is still to be done, the oldest first."""
        with translated():
            found = self._collection.find({"prepared_at": None}).sort([("asked_at", 1)])
            return [_asked(document) for document in await found.limit(limit).to_list(None)]

    async def note_prepared(self, recovery_id: str, now: datetime) -> None:
        with translated():
            await self._collection.update_one(
                {"_id": recovery_id}, {"$set": {"prepared_at": now}, "$unset": {"number": "", "identity": ""}}
            )

    async def find(self, recovery_id: str, token_hash: str, now: datetime) -> Recovery | None:
        """Return the live recovery of the device that has its token."""
        return await self._find({"_id": recovery_id, "token_hash": token_hash, "ends_at": {"$gt": now}})

    async def find_by_reference(self, reference: str, now: datetime) -> Recovery | None:
        return await self._find({"reference": reference, "ends_at": {"$gt": now}})

    async def note_approval(self, recovery_id: str, account_id: str, ends_at: datetime) -> bool:
        """Bind the recovery to the account; `False` if it is another account's already."""
        changes = {"approved_for": account_id, "ends_at": ends_at, "delete_at": ends_at + _KEPT_AFTER_THE_END}
        with translated():
            result = await self._collection.update_one(
                {"_id": recovery_id, "approved_for": {"$in": [None, account_id]}}, {"$set": changes}
            )
        return result.matched_count == 1

    async def remove_of(self, account_ids: Sequence[str]) -> None:
        with translated():
            await self._collection.delete_many({"approved_for": {"$in": list(account_ids)}})

    async def _find(self, query: Document) -> Recovery | None:
        with translated():
            document = await self._collection.find_one(query)
        if document is None:
            return None
        return Recovery(
            recovery_id=document["_id"],
            asked_at=document["asked_at"],
            ends_at=document["ends_at"],
            approved_for=document["approved_for"],
        )


def _key_document(key: IdentityKey) -> Document:
    return {"scope": key.scope, "index": key.index, "older": list(key.older)}


def _key(document: Document) -> IdentityKey:
    return IdentityKey(document["scope"], document["index"], tuple(document["older"]))


def _asked(document: Document) -> AskedRecovery:
    return AskedRecovery(
        recovery_id=document["_id"],
        token_hash=document["token_hash"],
        reference=document["reference"],
        slot=document["slot"],
        number=_key(document["number"]),
        identity=tuple(_key(key) for key in document["identity"]),
        asked_at=document["asked_at"],
        ends_at=document["ends_at"],
    )
