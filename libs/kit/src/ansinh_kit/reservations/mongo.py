from collections.abc import Collection
from datetime import datetime

from ansinh_kit.batches import IDS_AT_ONCE, batches
from ansinh_kit.clock import Clock, SystemClock
from ansinh_kit.database import Database, Document, DuplicateKeyError
from ansinh_kit.mongo import translated
from ansinh_kit.reservations.port import AlreadyReservedError, Pending, Reservations


class MongoReservations(Reservations):
    """One document per key; its `_id` is the lock, so each of these calls is decided by one write of the server."""

    def __init__(self, database: Database, collection: str = "reservations", *, clock: Clock | None = None) -> None:
        super().__init__(clock or SystemClock())
        self._documents = database[collection]

    async def reserve(self, scope: str, key: str, *, owner: str, commit_id: str) -> None:
        while not await self._reserved(scope, key, owner, commit_id):
            document = await self._contested(scope, key)
            if document is not None and document["owner"] != owner:
                raise AlreadyReservedError(scope, document["owner"])

    async def _reserved(self, scope: str, key: str, owner: str, commit_id: str) -> bool:
        """Make or renew the owner's document; `False` if another owner's stands in the way."""
        claim = {
            "$addToSet": {"commit_ids": commit_id},
            "$set": {"reserved_at": self._clock.now()},
            "$setOnInsert": {"scope": scope, "key": key, "confirmed": False, "contested": False},
        }
        try:
            with translated():
                await self._documents.update_one({"_id": _id(scope, key), "owner": owner}, claim, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    async def _contested(self, scope: str, key: str) -> Document | None:
        with translated():
            return await self._documents.find_one_and_update({"_id": _id(scope, key)}, {"$set": {"contested": True}})

    async def give_back(self, scope: str, key: str, *, owner: str, commit_id: str) -> None:
        mine = {"_id": _id(scope, key), "owner": owner}
        with translated():
            await self._documents.update_one(mine, {"$pull": {"commit_ids": commit_id}})
            await self._documents.delete_one({**mine, "confirmed": False, "commit_ids": []})

    async def release(self, scope: str, key: str, *, owner: str) -> None:
        with translated():
            await self._documents.delete_one({"_id": _id(scope, key), "owner": owner})

    async def release_unless_asked_anew(self, scope: str, key: str, *, owner: str, known: Collection[str]) -> None:
        anew = {"$elemMatch": {"$nin": list(known)}}
        with translated():
            await self._documents.delete_one({"_id": _id(scope, key), "owner": owner, "commit_ids": {"$not": anew}})

    async def move(self, scope: str, key: str, to: str) -> bool:
        with translated():
            found = await self._documents.find_one({"_id": _id(scope, key)})
        if found is None:
            return False
        while not await self._copied(found, scope, to):
            owner = await self.find_owner(scope, to)
            if owner not in (None, found["owner"]):
                raise AlreadyReservedError(scope, str(owner))
        await self.release(scope, key, owner=found["owner"])
        return True

    async def _copied(self, found: Document, scope: str, to: str) -> bool:
        """Make `to` what was found, or join it to what the same owner has there; `False` if it is not the owner's."""
        try:
            with translated():
                await self._documents.insert_one({**found, "_id": _id(scope, to), "key": to})
        except DuplicateKeyError:
            joined: dict[str, Document] = {"$addToSet": {"commit_ids": {"$each": found["commit_ids"]}}}
            if found["confirmed"]:
                joined["$set"] = {"confirmed": True}
            with translated():
                result = await self._documents.update_one({"_id": _id(scope, to), "owner": found["owner"]}, joined)
            return result.matched_count == 1
        return True

    async def release_all(self, owner: str) -> None:
        with translated():
            await self._documents.delete_many({"owner": owner})

    async def find_owner(self, scope: str, key: str) -> str | None:
        with translated():
            document = await self._documents.find_one({"_id": _id(scope, key)}, {"owner": 1})
        return None if document is None else str(document["owner"])

    async def find_owners(self, scope: str, keys: Collection[str]) -> dict[str, str]:
        wanted = {_id(scope, key): key for key in keys}
        owners: dict[str, str] = {}
        for batch in batches(wanted, IDS_AT_ONCE):
            with translated():
                documents = await self._documents.find({"_id": {"$in": batch}}, {"owner": 1}).to_list()
            owners |= {wanted[document["_id"]]: str(document["owner"]) for document in documents}
        return owners

    async def pending_before(self, moment: datetime) -> list[Pending]:
        with translated():
            # Only sweeps need the index, so they make it; making it again costs one question.
            await self._documents.create_index(
                [("reserved_at", 1)], name="pending", partialFilterExpression={"confirmed": False}
            )
            found = await self._documents.find({"confirmed": False, "reserved_at": {"$lt": moment}}).to_list()
        return [_pending(document) for document in found]

    async def confirm(self, pending: Pending) -> None:
        with translated():
            await self._documents.update_one(
                {"_id": _id(pending.scope, pending.key), "owner": pending.owner}, {"$set": {"confirmed": True}}
            )

    async def free(self, pending: Pending) -> None:
        as_read = {
            "_id": _id(pending.scope, pending.key),
            "owner": pending.owner,
            "confirmed": False,
            "commit_ids": list(pending.commit_ids),
            "reserved_at": pending.reserved_at,
        }
        with translated():
            await self._documents.delete_one(as_read)


def _id(scope: str, key: str) -> str:
    return f"{scope}|{key}"


def _pending(document: Document) -> Pending:
    return Pending(
        scope=document["scope"],
        key=document["key"],
        owner=document["owner"],
        commit_ids=tuple(document["commit_ids"]),
        reserved_at=document["reserved_at"],
        contested=document["contested"],
    )
