"""Challenges that were used: `{_id: challenge id, delete_at}`, dropped by the server once they have expired anyway."""

from datetime import datetime, timedelta
from typing import Final, Protocol

from ansinh_kit.mongo import Database, DuplicateKeyError, translated

_COLLECTION: Final = "spent_challenges"
# The server that drops and the process that judges expiry read two clocks; by so much they may differ.
_CLOCKS_DIFFER: Final = timedelta(minutes=5)


class SpentChallenges(Protocol):
    async def spend(self, challenge_id: str, *, expires_at: datetime) -> bool:
        """Note the use; `False` if it was noted before. Of several at once exactly one gets `True`."""
        ...


class MongoSpentChallenges:
    def __init__(self, database: Database) -> None:
        self._spent = database[_COLLECTION]

    async def prepare(self) -> None:
        with translated():
            await self._spent.create_index([("delete_at", 1)], expireAfterSeconds=0)

    async def spend(self, challenge_id: str, *, expires_at: datetime) -> bool:
        try:
            with translated():
                await self._spent.insert_one({"_id": challenge_id, "delete_at": expires_at + _CLOCKS_DIFFER})
        except DuplicateKeyError:
            return False
        return True


class InMemorySpentChallenges:
    """Uses noted in this process only: for tests. It passes the same contract suite as the real one."""

    def __init__(self) -> None:
        self._spent: set[str] = set()

    async def spend(self, challenge_id: str, *, expires_at: datetime) -> bool:
        del expires_at
        if challenge_id in self._spent:
            return False
        self._spent.add(challenge_id)
        return True
