"""What authenticators were asked: each challenge is answered once, right or wrong (`single_use`)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from ansinh_kit.mongo import Database

from auth.storage.single_use import NO_SESSION, Bound, SingleUse

_COLLECTION: Final = "passkey_challenges"

PasskeyPurpose = Literal["registration", "log_in", "staff_log_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyChallenge:
    """A registration is bound to the account and session that asked; a log-in is nobody's until it is answered."""

    challenge_id: str
    purpose: PasskeyPurpose
    challenge: bytes = field(repr=False)
    expires_at: datetime
    bound: Bound = NO_SESSION


class PasskeyChallenges:
    def __init__(self, database: Database) -> None:
        self._stored = SingleUse(database, _COLLECTION)

    async def create_indexes(self) -> None:
        await self._stored.create_indexes()

    async def open(self, opened: PasskeyChallenge) -> None:
        await self._stored.open(
            opened.challenge_id,
            opened.purpose,
            bound=opened.bound,
            expires_at=opened.expires_at,
            kept={"challenge": opened.challenge},
        )

    async def use(
        self, challenge_id: str, purpose: PasskeyPurpose, now: datetime, bound: Bound = NO_SESSION
    ) -> bytes | None:
        """Return the challenge and never again; `None` if it is used, over, or of another purpose or session."""
        document = await self._stored.use(challenge_id, purpose, bound=bound, now=now)
        return None if document is None else bytes(document["challenge"])
