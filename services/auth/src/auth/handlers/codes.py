"""Making one-time codes, sending and checking them: one way for every purpose (OTC-01 to OTC-07).

challenge = codes.challenge(subject, recipient)     what has to be shown, by whom, until when
await codes.open(challenge)                         stored; nothing was sent yet
await codes.send(challenge, recipient)              the first code, and every further one
challenge = await codes.check(id, Subject, code)    right, and still about the same contact
await codes.use_up(challenge)                       of all who come so far, one goes on
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from ansinh_contracts.auth import SecretMessageV1
from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.errors import NotFoundError
from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.port import TooManyAttemptsError, seconds_until

from auth.domain.challenges import Challenge, Sending
from auth.domain.code_subjects import MAY_BE_DECOY, CodeSubject, SubjectT
from auth.domain.one_time_codes import OWN_DIGITS, CodeRefusedError, CodeRules
from auth.domain.recipients import Recipient, channel_of
from auth.handlers.sent_codes import CodeSentMeanwhileError, SentCode, ShownCode, SmsHeldBackError
from auth.storage.challenges import Challenges
from auth.storage.code_use import CodeUse
from auth.storage.deliveries import Deliveries
from auth.storage.holders import Holders
from auth.storage.identities import Identities
from auth.storage.secrets_outbox import SecretsOutbox
from auth.storage.wrong_codes import WrongCodes


class Codes:
    def __init__(
        self,
        *,
        challenges: Challenges,
        wrong_codes: WrongCodes,
        holders: Holders,
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
        self._wrong_codes = wrong_codes
        self._holders = holders
        self._throttles = throttles
        self._identities = identities
        self._deliveries = deliveries
        self._use = use
        self._outbox = outbox
        self._rules = rules
        self._clock = clock
        self._ids = ids
        self._below = below

    def challenge(
        self,
        subject: SubjectT,
        recipient: Recipient,
        *,
        life: timedelta | None = None,
        device_thumbprint: str | None = None,
    ) -> Challenge[SubjectT]:
        """Return a new challenge about `subject`, to be opened.

        Args:
            life: How long codes of it may be asked for and shown; that of the purpose if not given.
            device_thumbprint: The one device key that may answer; any caller's if not given.
        """
        return Challenge(
            challenge_id=self._ids.new_id(),
            subject=subject,
            slot=recipient.slot,
            account_id=recipient.account_id,
            person_id=recipient.person_id,
            target_version=recipient.version,
            device_thumbprint=device_thumbprint,
            ends_at=self._clock.now() + (life or subject.life),
        )

    async def open(self, challenge: Challenge[CodeSubject]) -> None:
        """Store the challenge. Nothing is sent to anyone."""
        await self._challenges.open(challenge)

    async def find_open(self, challenge_id: str, kind: type[SubjectT]) -> Challenge[SubjectT]:
        """Return the challenge about a subject of `kind`.

        Raises:
            NotFoundError: There is none, it is about something else, used, cancelled, or over.
        """
        challenge = await self._challenges.find(challenge_id, kind)
        if challenge is None or not challenge.is_open(self._clock.now()):
            raise NotFoundError
        return challenge

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

    async def check(
        self, challenge_id: str, kind: type[SubjectT], code: str, *, device_thumbprint: str | None = None
    ) -> Challenge[SubjectT]:
        """Return the challenge if `code` is right; it is not used up yet.

        The try is counted on the challenge and on the account before the comparison (OTC-02, LIM-07, LIM-08).

        Raises:
            CodeRefusedError: For whatever reason.
        """
        challenge = await self.check_one_of_two(challenge_id, kind, code, device_thumbprint=device_thumbprint)
        await self.forget_wrong(challenge)
        return challenge

    async def forget_wrong(self, challenge: Challenge[CodeSubject]) -> None:
        """Let the account's wrong codes on this channel count no more: its holder has shown all that was asked for."""
        await self._wrong_codes.forget(challenge.account_id, challenge.channel)

    async def check_one_of_two(
        self, challenge_id: str, kind: type[SubjectT], code: str, *, device_thumbprint: str | None = None
    ) -> Challenge[SubjectT]:
        """Do as `check`, and leave the wrong codes before it counted: `forget_wrong` follows when the other is right.

        A code to a contact that somebody has just named proves nothing about who asks. If it cleared the row, the one
        to the contact on file could be guessed for ever, with a right code of the guesser's own before each (LIM-08).

        Raises:
            CodeRefusedError: For whatever reason.
        """
        counted = await self._challenges.count_try(
            challenge_id, kind, self._clock.now(), device_thumbprint=device_thumbprint
        )
        if counted is None:
            raise CodeRefusedError
        challenge = counted.challenge
        row = (challenge.account_id, challenge.channel)
        if not await self._wrong_codes.count(*row, limit=self._rules.wrong_in_a_row):
            raise CodeRefusedError
        if not self._challenges.is_right(counted, code) or not await self._is_as_it_was(challenge):
            raise CodeRefusedError
        if counted.sms_range is not None:
            await self._use.note_entered(counted.sms_range, counted.message_id)
        return challenge

    async def count_try(
        self, challenge_id: str, kind: type[SubjectT], *, device_thumbprint: str | None = None
    ) -> Challenge[SubjectT]:
        """Return the challenge for another secret than its code to be compared; the try is counted with its codes' own.

        Raises:
            CodeRefusedError: It is used, over, tried out, unknown, about something else, or bound to another key.
        """
        challenge = await self._challenges.count_other_try(
            challenge_id, kind, self._clock.now(), device_thumbprint=device_thumbprint
        )
        if challenge is None:
            raise CodeRefusedError
        return challenge

    async def use_up(self, challenge: Challenge[CodeSubject]) -> None:
        """Make sure that the challenge never counts again.

        Raises:
            CodeRefusedError: Somebody else was faster.
        """
        if not await self.cancel(challenge.challenge_id, type(challenge.subject)):
            raise CodeRefusedError

    async def cancel(self, challenge_id: str, kind: type[CodeSubject]) -> bool:
        """Make the challenge's codes dead; `False` if they were, or it is about something else."""
        return await self._challenges.use(challenge_id, kind.purpose, self._clock.now())

    async def show(self, challenge_id: str) -> ShownCode:
        """Return where the newest code of an open challenge is, and when it may be asked for again (U-02).

        Raises:
            NotFoundError: There is no such challenge, or it is over.
        """
        now = self._clock.now()
        found = await self._deliveries.find(challenge_id)
        if found is None or not found.challenge.is_open(now):
            raise NotFoundError
        # Of these purposes there are decoys: whether an SMS arrived would tell whether there is an account (OTC-10).
        tells = found.challenge.purpose not in MAY_BE_DECOY
        at = self._rules.next_sending_at(sendings=found.challenge.sendings, last_sent_at=found.challenge.sent_at)
        held_back_until = found.retry_at if tells else None
        return ShownCode(
            challenge_id=challenge_id,
            purpose=found.challenge.purpose,
            channel=found.challenge.channel,
            masked_target=found.masked_target if tells else None,
            delivery=found.delivery if tells else None,
            held_back_until=held_back_until,
            expires_at=found.expires_at,
            next_sending_at=max(at or now, held_back_until or now),
            now=now,
        )

    async def _is_as_it_was(self, challenge: Challenge[CodeSubject]) -> bool:
        """Whether the contact has not been changed since the challenge was made (OTC-03)."""
        holder = await self._holders.find(challenge.account_id)
        return holder is not None and holder.version(challenge.slot) == challenge.target_version

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
