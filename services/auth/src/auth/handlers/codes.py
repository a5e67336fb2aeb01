"""Making one-time codes and sending them: never to a number an anonymous caller typed (OTC-07)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from ansinh_contracts.auth import CodePurpose, SecretMessageV1
from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.errors import NotFoundError, RefusedError
from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.port import TooManyAttemptsError, seconds_until

from auth.domain.account import Holder
from auth.domain.one_time_codes import CodeRefusedError, CodeRules, masked_phone
from auth.storage.access_documents import AccessDocuments
from auth.storage.challenges import Challenge, Challenges, Sending
from auth.storage.identities import Identities
from auth.storage.secrets_outbox import SecretsOutbox

_DECOY_TARGET: Final = ""


class CodeSentMeanwhileError(RefusedError):
    """Two asked for a code of one challenge at the same time; the other one's code is on its way."""

    code = "code_sent_meanwhile"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCode:
    """What the code screen shows: where it went, how long it counts, when another may be asked for (S-22)."""

    challenge_id: str
    masked_target: str
    expires_at: datetime
    next_sending_at: datetime


class Codes:
    def __init__(
        self,
        *,
        challenges: Challenges,
        access: AccessDocuments,
        throttles: Throttles,
        identities: Identities,
        outbox: SecretsOutbox,
        rules: CodeRules,
        clock: Clock,
        ids: IdGenerator,
        below: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._challenges = challenges
        self._access = access
        self._throttles = throttles
        self._identities = identities
        self._outbox = outbox
        self._rules = rules
        self._clock = clock
        self._ids = ids
        self._below = below

    async def send(self, challenge: Challenge, holder: Holder) -> SentCode:
        """Make the challenge's next code and hand it to the outbox, durably; the code before it is dead.

        Raises:
            NotFoundError: The challenge was tried out: a further code of it could not be right.
            TooManyAttemptsError: Too soon after the last code, or too many to this number or of this account.
            CodeSentMeanwhileError: Another code of this challenge was made at the same time.
        """
        now = self._clock.now()
        if challenge.tries >= self._rules.tries:
            raise NotFoundError
        self._check_wait(challenge, now)
        await self._spend(phone=holder.phone, account_id=holder.account_id, now=now)
        return await self._put(challenge, holder, now)

    async def send_nothing(self, challenge: Challenge) -> SentCode:
        """Do for a decoy what `send` does, up to the message: nobody gets one, and the time it takes is the same."""
        now = self._clock.now()
        await self._spend(phone=challenge.challenge_id, account_id=challenge.challenge_id, now=now)
        return await self._put(challenge, None, now)

    async def check(self, challenge_id: str, purpose: CodePurpose, code: str) -> Challenge:
        """Return the challenge if `code` is right; it is not used up yet.

        The try is counted on the challenge and on the account before the comparison (OTC-02, LIM-07, LIM-08).

        Raises:
            CodeRefusedError: For whatever reason.
        """
        counted = await self._challenges.count_try(challenge_id, purpose, self._clock.now())
        if counted is None:
            raise CodeRefusedError
        account_id = counted.challenge.account_id
        if not await self._access.count_wrong_code(account_id, limit=self._rules.wrong_in_a_row):
            raise CodeRefusedError
        if not self._challenges.is_right(counted, code):
            raise CodeRefusedError
        await self._access.forget_wrong_codes(account_id)
        return counted.challenge

    async def use_up(self, challenge: Challenge) -> None:
        """Make sure that the challenge never counts again.

        Raises:
            CodeRefusedError: Somebody else was faster.
        """
        if not await self._challenges.use(challenge.challenge_id, challenge.purpose, self._clock.now()):
            raise CodeRefusedError

    async def _spend(self, *, phone: str, account_id: str, now: datetime) -> None:
        to_phone = self._identities.blind("phone", phone)
        await self._throttles.admit(f"codes-to:{to_phone}", self._rules.budget, now)
        await self._throttles.admit(f"codes-of:{account_id}", self._rules.budget, now)

    def _check_wait(self, challenge: Challenge, now: datetime) -> None:
        at = self._rules.next_sending_at(sendings=challenge.sendings, last_sent_at=challenge.sent_at)
        if at is not None and now < at:
            raise TooManyAttemptsError(retry_after_seconds=seconds_until(at, now))

    async def _put(self, challenge: Challenge, holder: Holder | None, now: datetime) -> SentCode:
        code = self._rules.format_code(self._below(10**self._rules.digits))
        latest = self._rules.expires_at(purpose=challenge.purpose, created_at=now, handed_over_at=None)
        sending = Sending(
            message_id=self._ids.new_id(),
            at=now,
            expires_at=min(latest, challenge.ends_at),
            masked_target=_DECOY_TARGET if holder is None else masked_phone(holder.phone),
            sealed=None,
        )
        sealed = self._outbox.seal(_message(challenge, holder, sending, code))
        if holder is not None:
            sending = replace(sending, sealed=sealed)
        if not await self._challenges.put_code(challenge, code=code, sending=sending):
            raise CodeSentMeanwhileError
        self._outbox.ring()
        next_at = self._rules.next_sending_at(sendings=challenge.sendings + 1, last_sent_at=now)
        return SentCode(
            challenge_id=challenge.challenge_id,
            masked_target=sending.masked_target,
            expires_at=sending.expires_at,
            next_sending_at=next_at or now,
        )


def _message(challenge: Challenge, holder: Holder | None, sending: Sending, code: str) -> SecretMessageV1:
    return SecretMessageV1(
        message_id=sending.message_id,
        challenge_id=challenge.challenge_id,
        purpose=challenge.purpose,
        channel="sms",
        language="vi" if holder is None else holder.language,
        expires_at=sending.expires_at,
        target=_DECOY_TARGET if holder is None else holder.phone,
        secret=code,
    )
