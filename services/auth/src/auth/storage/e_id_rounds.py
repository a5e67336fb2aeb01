"""Rounds at the identity provider: each is finished once, by the client that began it, within minutes.

{_id, purpose, secret_hash, account_id, session_epoch, started_at, expires_at, used_at, delete_at}
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from ansinh_kit.mongo import Database, translated

_COLLECTION: Final = "e_id_rounds"

RoundPurpose = Literal["log_in", "link"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EIdRound:
    """A link is bound to the account and session that asked; a log-in is nobody's until the provider has spoken."""

    round_id: str
    purpose: RoundPurpose
    secret_hash: str = field(repr=False)
    started_at: datetime
    expires_at: datetime
    account_id: str | None = None
    session_epoch: int | None = None


class EIdRounds:
    def __init__(self, database: Database) -> None:
        self._collection = database[_COLLECTION]

    async def create_indexes(self) -> None:
        with translated():
            await self._collection.create_index([("delete_at", 1)], expireAfterSeconds=0)

    async def open(self, opened: EIdRound) -> None:
        document = {
            "_id": opened.round_id,
            "purpose": opened.purpose,
            "secret_hash": opened.secret_hash,
            "account_id": opened.account_id,
            "session_epoch": opened.session_epoch,
            "started_at": opened.started_at,
            "expires_at": opened.expires_at,
            "used_at": None,
            "delete_at": opened.expires_at,
        }
        with translated():
            await self._collection.insert_one(document)

    async def use(
        self,
        round_id: str,
        purpose: RoundPurpose,
        secret_hash: str,
        now: datetime,
        *,
        account_id: str | None = None,
        session_epoch: int | None = None,
    ) -> datetime | None:
        """Return when the round began, and never again; `None` if it is used, over, or another client's or purpose's.

        Whoever does not know the secret uses nothing up.
        """
        alive = {
            "_id": round_id,
            "purpose": purpose,
            "secret_hash": secret_hash,
            "account_id": account_id,
            "session_epoch": session_epoch,
            "used_at": None,
            "expires_at": {"$gt": now},
        }
        with translated():
            document = await self._collection.find_one_and_update(alive, {"$set": {"used_at": now}})
        started_at: datetime | None = None if document is None else document["started_at"]
        return started_at
