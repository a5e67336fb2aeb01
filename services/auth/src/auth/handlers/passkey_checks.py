"""Challenges for authenticators, and whether an answer is by one of an account's passkeys (U-10, LIM-17)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ansinh_kit.clock import Clock, IdGenerator

from auth.domain.passkeys import (
    CHALLENGE_BYTES,
    Credential,
    PasskeyRefusedError,
    PasskeyRules,
    check_assertion,
    claim_of,
    request_options,
)
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.passkey_challenges import PasskeyChallenge, PasskeyChallenges, PasskeyPurpose
from auth.storage.single_use import NO_SESSION, Bound


@dataclass(frozen=True, slots=True)
class AskedAuthenticator:
    """`options` go to the browser as they are; the answer comes back under `challenge_id` before `expires_at`."""

    challenge_id: str
    options: dict[str, Any]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PasskeyAnswer:
    challenge_id: str
    credential: Credential = field(repr=False)


class PasskeyChecks:
    def __init__(
        self,
        *,
        challenges: PasskeyChallenges,
        access: AccessDocuments,
        rules: PasskeyRules,
        clock: Clock,
        ids: IdGenerator,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._challenges = challenges
        self._access = access
        self._rules = rules
        self._clock = clock
        self._ids = ids
        self._random = random

    async def open(self, purpose: PasskeyPurpose, bound: Bound = NO_SESSION) -> PasskeyChallenge:
        """Return a new challenge, stored."""
        challenge = PasskeyChallenge(
            challenge_id=self._ids.new_id(),
            purpose=purpose,
            challenge=self._random(CHALLENGE_BYTES),
            expires_at=self._clock.now() + self._rules.challenge_life,
            bound=bound,
        )
        await self._challenges.open(challenge)
        return challenge

    async def ask(self, purpose: PasskeyPurpose) -> AskedAuthenticator:
        """Return what any authenticator is asked; nothing is known yet about whose it is."""
        opened = await self.open(purpose)
        options = request_options(self._rules, challenge=opened.challenge)
        return AskedAuthenticator(opened.challenge_id, options, opened.expires_at)

    async def entry_of(self, answer: PasskeyAnswer, purpose: PasskeyPurpose) -> Entry:
        """Return the account whose passkey answered. The challenge is used up, whatever comes of it.

        Raises:
            PasskeyRefusedError: No challenge of ours, no passkey of that account, or an answer that does not hold.
        """
        challenge = await self._challenges.use(answer.challenge_id, purpose, self._clock.now())
        claim = claim_of(answer.credential)
        entry = None if claim.account_id is None else await self._access.find(claim.account_id)
        key = None if entry is None else entry.passkey_keys.get(claim.passkey_id)
        if challenge is None or entry is None or key is None:
            raise PasskeyRefusedError
        counted = check_assertion(
            answer.credential,
            challenge=challenge,
            rules=self._rules,
            public_key=key.public_key,
            sign_count=key.sign_count,
        )
        if not await self._access.count_passkey_use(
            entry.access.account_id, claim.passkey_id, before=key.sign_count, after=counted
        ):
            raise PasskeyRefusedError
        return entry
