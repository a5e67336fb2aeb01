"""Which change an objection code belongs to, found without the code.

    {_id: blind index of the code, account_id, person_id, change_id, ends_at, used_at, delete_at}

Written before the change is recorded: one that never came leaves an entry that nothing stands behind.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ansinh_kit.mongo import Database, DuplicateKeyError, translated
from ansinh_kit.personal_data.blind_index import BlindIndex

from auth.domain.holder import Holder
from auth.domain.objections import ObjectionCodes

COLLECTION: Final = "objections"
_FIELD: Final = "objection_code"
_KEPT_AFTER_THE_END: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    index: str
    account_id: str
    person_id: str
    change_id: str


class ObjectionDocuments:
    def __init__(self, database: Database, index: BlindIndex, codes: ObjectionCodes) -> None:
        self._collection = database[COLLECTION]
        self._index = index
        self._codes = codes

    async def create_indexes(self) -> None:
        with translated():
            await self._collection.create_index([("delete_at", 1)], expireAfterSeconds=0)
            await self._collection.create_index([("person_id", 1)])

    async def prepare(self, holder: Holder, change_id: str, *, ends_at: datetime) -> str:
        """Let the change be objected to once it is recorded; return the id of the key that its event must name."""
        key_id = self._codes.key_id
        code = self._codes.code_of(key_id=key_id, account_id=holder.account_id, change_id=change_id)
        if code is not None:
            account_id, person_id = holder.account_id, holder.person_id
            normal = code.replace("-", "")
            await self._keep(normal, account_id=account_id, person_id=person_id, change_id=change_id, ends_at=ends_at)
        return key_id

    async def _keep(self, code: str, *, account_id: str, person_id: str, change_id: str, ends_at: datetime) -> None:
        """Let `code`, in its normal form, lead to the change; kept once."""
        document = {
            "_id": self._index.of(_FIELD, code),
            "account_id": account_id,
            "person_id": person_id,
            "change_id": change_id,
            "ends_at": ends_at,
            "used_at": None,
            "delete_at": ends_at + _KEPT_AFTER_THE_END,
        }
        try:
            with translated():
                await self._collection.insert_one(document)
        except DuplicateKeyError:
            return

    async def find(self, code: str, now: datetime) -> Objection | None:
        """Return what the unused, living code belongs to."""
        for index in self._index.all_of(_FIELD, code):
            query = {"_id": index, "used_at": None, "ends_at": {"$gt": now}}
            with translated():
                document = await self._collection.find_one(query)
            if document is not None:
                return Objection(
                    index=index,
                    account_id=document["account_id"],
                    person_id=document["person_id"],
                    change_id=document["change_id"],
                )
        return None

    async def use(self, objection: Objection, now: datetime) -> None:
        with translated():
            await self._collection.update_one({"_id": objection.index, "used_at": None}, {"$set": {"used_at": now}})

    async def remove_of(self, person_id: str) -> None:
        with translated():
            await self._collection.delete_many({"person_id": person_id})
