"""One code on its way: counted against every budget, made, and handed over durably (LIM-06, LIM-09, LIM-10)."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ansinh_contracts.auth import SecretMessageV1
from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.errors import NotFoundError
from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.port import TooManyAttemptsError, seconds_until

from auth.domain.challenges import Challenge, Sending
from auth.domain.code_subjects import CodeSubject
from auth.domain.one_time_codes import OWN_DIGITS, CodeRules
from auth.domain.recipients import Recipient, channel_of
from auth.handlers.sent_codes import CodeSentMeanwhileError, SentCode, SmsHeldBackError
from auth.storage.challenges import Challenges
from auth.storage.code_use import CodeUse
from auth.storage.deliveries import Deliveries
from auth.storage.identities import Identities
from auth.storage.secrets_outbox import SecretsOutbox


class CodeSending:
    def __init__(
        self,
        *,
        challenges: Challenges,
        throttles: Throttles,
        identities: Identities,
        deliveries: Deliveries,
        use: CodeUse,
        outbox: SecretsOutbox,
        rules: CodeRules,
        clock: Clock,
        ids: IdGenerator,
        below: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._challenges = challenges
        self._throttles = throttles
        self._identities = identities
        self._deliveries = deliveries
        self._use = use
        self._outbox = outbox
        self._rules = rules
        self._clock = clock
        self._ids = ids
        self._below = below

    async def send(self, challenge: Challenge[CodeSubject], recipient: Recipient) -> SentCode:
        """Make the challenge's next code and hand it to the outbox, durably; the code before it is dead.

        Raises:
            NotFoundError: A further code could not be right: tried out, or the contact is another one by now.
            TooManyAttemptsError: Too soon after the last code, or too many to this contact or of this account.
            SmsHeldBackError: No SMS leaves for numbers like this one; nothing was counted.
            CodeSentMeanwhileError: Another code of this challenge was made at the same time.
        """
        now = self._clock.now()
        if challenge.tries >= self._rules.tries or not challenge.is_for(recipient):
            raise NotFoundError
        self._check_wait(challenge, now)
        await self._check_range(recipient, now)
        await self._spend(recipient, account_id=recipient.account_id, now=now)
        return await self._put(challenge, recipient, now, deliver=True)

    async def send_nothing(self, challenge: Challenge[CodeSubject], recipient: Recipient) -> SentCode:
        """Do for a decoy what `send` does, up to the message: nobody gets one, and the time it takes is the same."""
        now = self._clock.now()
        nowhere = replace(recipient, address=challenge.challenge_id)
        await self._spend(nowhere, account_id=challenge.challenge_id, now=now)
        return await self._put(challenge, replace(recipient, address=""), now, deliver=False)

    async def _spend(self, recipient: Recipient, *, account_id: str, now: datetime) -> None:
        scope = "phone" if channel_of(recipient.slot) == "sms" else "email"
        target = self._identities.blind(scope, recipient.address)
        await self._throttles.admit(f"codes-to:{target}", self._rules.budget, now)
        await self._throttles.admit(f"codes-of:{account_id}", self._rules.budget, now)

    async def _check_range(self, recipient: Recipient, now: datetime) -> None:
        sms_range = self._sms_range(recipient)
        until = None if sms_range is None else await self._deliveries.closed_until(sms_range)
        if until is not None and now < until:
            raise SmsHeldBackError(retry_after_seconds=seconds_until(until, now))

    def _sms_range(self, recipient: Recipient) -> str | None:
        if channel_of(recipient.slot) != "sms" or not recipient.address:
            return None
        return self._identities.blind("sms_range", recipient.address[:-OWN_DIGITS])

    def _check_wait(self, challenge: Challenge[CodeSubject], now: datetime) -> None:
        at = self._rules.next_sending_at(sendings=challenge.sendings, last_sent_at=challenge.sent_at)
        if at is not None and now < at:
            raise TooManyAttemptsError(retry_after_seconds=seconds_until(at, now))

    async def _put(
        self, challenge: Challenge[CodeSubject], recipient: Recipient, now: datetime, *, deliver: bool
    ) -> SentCode:
        code = self._rules.format_code(self._below(10**self._rules.digits))
        sending = self._sending(challenge, recipient, now)
        # Sealed for a decoy, too: the work must not tell.
        sealed = self._outbox.seal(_message(challenge, recipient, sending, code))
        sending = replace(sending, sealed=sealed if deliver else None)
        if not await self._challenges.put_code(challenge, code=code, sending=sending):
            raise CodeSentMeanwhileError
        self._outbox.ring()
        if deliver and sending.sms_range is not None:
            await self._use.note_sent(sending.sms_range, sending.message_id, now)
        next_at = self._rules.next_sending_at(sendings=challenge.sendings + 1, last_sent_at=now)
        return SentCode(
            challenge_id=challenge.challenge_id,
            masked_target=sending.masked_target,
            expires_at=sending.expires_at,
            next_sending_at=next_at or now,
        )

    def _sending(self, challenge: Challenge[CodeSubject], recipient: Recipient, now: datetime) -> Sending:
        latest = self._rules.expires_at(
            purpose=challenge.purpose, channel=challenge.channel, created_at=now, handed_over_at=None
        )
        return Sending(
            message_id=self._ids.new_id(),
            at=now,
            expires_at=min(latest, challenge.ends_at),
            masked_target=recipient.masked if recipient.address else "",
            sealed=None,
            sms_range=self._sms_range(recipient),
        )


def _message(challenge: Challenge[CodeSubject], recipient: Recipient, sending: Sending, code: str) -> SecretMessageV1:
    return SecretMessageV1(
        message_id=sending.message_id,
        challenge_id=challenge.challenge_id,
        purpose=challenge.purpose,
        channel=challenge.channel,
        language=recipient.language,
        expires_at=sending.expires_at,
        target=recipient.address,
        secret=code,
    )
