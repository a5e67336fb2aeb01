"""Rounds at the identity provider: each is finished once, by the client that began it (`single_use`)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from ansinh_kit.mongo import Database

from auth.storage.single_use import NO_SESSION, Bound, SingleUse

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
    bound: Bound = NO_SESSION


class EIdRounds:
    def __init__(self, database: Database) -> None:
        self._stored = SingleUse(database, _COLLECTION)

    async def create_indexes(self) -> None:
        await self._stored.create_indexes()

    async def open(self, opened: EIdRound) -> None:
        await self._stored.open(
            opened.round_id,
            opened.purpose,
            bound=opened.bound,
            expires_at=opened.expires_at,
            kept={"secret_hash": opened.secret_hash, "started_at": opened.started_at},
        )

    async def use(
        self, round_id: str, purpose: RoundPurpose, secret_hash: str, now: datetime, bound: Bound = NO_SESSION
    ) -> datetime | None:
        """Return when the round began, and never again; `None` if it is used, over, or another client's or purpose's.

        Whoever does not know the secret uses nothing up.
        """
        known = {"secret_hash": secret_hash}
        document = await self._stored.use(round_id, purpose, bound=bound, now=now, known=known)
        started_at: datetime | None = None if document is None else document["started_at"]
        return started_at
