"""Activation links by e-mail: one with the approval, and another whenever the applicant asks; the newest counts."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from ansinh_contracts.auth import SecretMessageV1
from ansinh_contracts.session_check import hash_token
from ansinh_kit.clock import Clock, IdGenerator

from auth.domain.challenges import Challenge, Sending
from auth.domain.code_subjects import Activation
from auth.domain.recipients import NOBODY, Recipient
from auth.handlers.tokens import new_activation_token
from auth.storage.challenges import Challenges
from auth.storage.secrets_outbox import SecretsOutbox

LINK_LIFE: Final = timedelta(hours=24)
_LINK_IDS: Final = uuid.UUID("0d5a1c1e-2f0b-4c63-9f0e-4d3f6f4b7a52")


class ActivationLinks:
    def __init__(self, *, challenges: Challenges, outbox: SecretsOutbox, clock: Clock, ids: IdGenerator) -> None:
        self._challenges = challenges
        self._outbox = outbox
        self._clock = clock
        self._ids = ids

    async def send_first(self, to: Recipient, declaration_id: str) -> None:
        """Send the link of the approval, once: its challenge has a fixed id (LIM-21)."""
        challenge = self._challenge(_first_id(declaration_id), to)
        token = new_activation_token()
        sending = self._sending(challenge, to, token)
        if await self._challenges.open_with_link(challenge, token_hash=hash_token(token), sending=sending):
            self._outbox.ring()

    async def send_again(self, to: Recipient, declaration_id: str) -> datetime:
        """Send a new link; those before it are dead. Return when it ends.

        For `NOBODY` the same is done, and nobody gets anything.
        """
        await self._challenges.use(_first_id(declaration_id), "activation", self._clock.now())
        challenge = self._challenge(uuid.uuid5(_LINK_IDS, f"again|{declaration_id}").hex, to)
        token = new_activation_token()
        sending = self._sending(challenge, to, token)
        if await self._challenges.replace_link(challenge, token_hash=hash_token(token), sending=sending):
            self._outbox.ring()
        return challenge.ends_at

    def _challenge(self, challenge_id: str, to: Recipient) -> Challenge[Activation]:
        return Challenge(
            challenge_id=challenge_id,
            subject=Activation(),
            slot="email",
            account_id=to.account_id,
            person_id=to.person_id,
            target_version=to.version,
            ends_at=self._clock.now() + LINK_LIFE,
        )

    def _sending(self, challenge: Challenge[Activation], to: Recipient, token: str) -> Sending:
        message = SecretMessageV1(
            message_id=self._ids.new_id(),
            challenge_id=challenge.challenge_id,
            purpose="activation",
            channel="email",
            language=to.language,
            expires_at=challenge.ends_at,
            target=to.address,
            secret=token,
        )
        # Sealed for nobody, too: the work must not tell.
        sealed = self._outbox.seal(message)
        return Sending(
            message_id=message.message_id,
            at=self._clock.now(),
            expires_at=challenge.ends_at,
            masked_target="",
            sealed=None if to is NOBODY else sealed,
        )


def _first_id(declaration_id: str) -> str:
    return uuid.uuid5(_LINK_IDS, f"link|{declaration_id}").hex
