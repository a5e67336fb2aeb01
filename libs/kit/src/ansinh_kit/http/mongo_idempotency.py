"""Which requests came under which key, in MongoDB; the server removes them after their time."""

from datetime import datetime, timedelta
from typing import Final

from ansinh_kit.clock import Clock
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.idempotency import Claim
from ansinh_kit.mongo import Database, DuplicateKeyError, translated

_COLLECTION: Final = "idempotency_keys"
_KEPT: Final = timedelta(hours=24)


class MongoIdempotencyStore:
    """One document per key: `{_id: request, fingerprint, commit_id, claimed_at}`; `_id` decides who was first."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._collection = database[_COLLECTION]
        self._clock = clock

    async def prepare(self) -> None:
        """Make the index that removes keys after 24 h."""
        with translated():
            await self._collection.create_index(
                [("claimed_at", 1)], name="claimed_at_ttl", expireAfterSeconds=int(_KEPT.total_seconds())
            )

    async def claim(self, request_id: str, claim: Claim) -> Claim:
        document = {"_id": request_id, "fingerprint": claim.fingerprint, "commit_id": claim.commit_id}
        try:
            with translated():
                await self._collection.insert_one(document | {"claimed_at": self._clock.now()})
        except DuplicateKeyError:
            return await self._first(request_id)
        return claim

    async def claimed_before(self, moment: datetime, *, now: datetime) -> int:
        """Return how many keys claimed before `moment` still count at `now`: their requests may come again."""
        with translated():
            return await self._collection.count_documents({"claimed_at": {"$lt": moment, "$gt": now - _KEPT}})

    async def _first(self, request_id: str) -> Claim:
        with translated():
            document = await self._collection.find_one({"_id": request_id})
        if document is None:
            # Removed between the two calls, at the end of its 24 h: the client repeats, and is then the first.
            raise UnavailableError("mongodb")
        # Builds before this one wrote no commit id: theirs was the request's.
        return Claim(document["fingerprint"], document.get("commit_id", request_id))
