"""What authenticators were asked: each challenge is answered once, right or wrong, for one purpose, within minutes.

{_id, purpose, account_id, session_epoch, challenge, expires_at, used_at, delete_at}
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from ansinh_kit.mongo import Database, translated

_COLLECTION: Final = "passkey_challenges"

PasskeyPurpose = Literal["registration", "log_in", "staff_log_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyChallenge:
    """A registration is bound to the account and session that asked; a log-in is nobody's until it is answered."""

    challenge_id: str
    purpose: PasskeyPurpose
    challenge: bytes = field(repr=False)
    expires_at: datetime
    account_id: str | None = None
    session_epoch: int | None = None


class PasskeyChallenges:
    def __init__(self, database: Database) -> None:
        self._collection = database[_COLLECTION]

    async def create_indexes(self) -> None:
        with translated():
            await self._collection.create_index([("delete_at", 1)], expireAfterSeconds=0)

    async def open(self, challenge: PasskeyChallenge) -> None:
        document = {
            "_id": challenge.challenge_id,
            "purpose": challenge.purpose,
            "account_id": challenge.account_id,
            "session_epoch": challenge.session_epoch,
            "challenge": challenge.challenge,
            "expires_at": challenge.expires_at,
            "used_at": None,
            "delete_at": challenge.expires_at,
        }
        with translated():
            await self._collection.insert_one(document)

    async def use(
        self,
        challenge_id: str,
        purpose: PasskeyPurpose,
        now: datetime,
        *,
        account_id: str | None = None,
        session_epoch: int | None = None,
    ) -> bytes | None:
        """Return the challenge and never again; `None` if it is used, over, or of another purpose or session."""
        alive = {
            "_id": challenge_id,
            "purpose": purpose,
            "account_id": account_id,
            "session_epoch": session_epoch,
            "used_at": None,
            "expires_at": {"$gt": now},
        }
        with translated():
            document = await self._collection.find_one_and_update(alive, {"$set": {"used_at": now}})
        return None if document is None else bytes(document["challenge"])
