"""Making one-time codes, sending and checking them: one way for every purpose (OTC-01 to OTC-07).

challenge = codes.challenge(subject, recipient)     what has to be shown, by whom, until when
await codes.open(challenge)                         stored; nothing was sent yet
await codes.send(challenge, recipient)              the first code, and every further one
challenge = await codes.check(id, Subject, code)    right, and still about the same contact
await codes.use_up(challenge)                       of all who come so far, one goes on
"""

from datetime import timedelta

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.errors import NotFoundError

from auth.domain.challenges import Challenge
from auth.domain.code_subjects import CodeSubject, SubjectT
from auth.domain.one_time_codes import CodeRefusedError, CodeRules
from auth.domain.recipients import Recipient
from auth.handlers.code_sending import CodeSending
from auth.handlers.sent_codes import SentCode
from auth.storage.challenges import Challenges
from auth.storage.code_use import CodeUse
from auth.storage.holders import Holders
from auth.storage.wrong_codes import WrongCodes


class Codes:
    def __init__(
        self,
        *,
        challenges: Challenges,
        wrong_codes: WrongCodes,
        holders: Holders,
        sending: CodeSending,
        use: CodeUse,
        rules: CodeRules,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._challenges = challenges
        self._wrong_codes = wrong_codes
        self._holders = holders
        self._sending = sending
        self._use = use
        self._rules = rules
        self._clock = clock
        self._ids = ids

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
        """Make the challenge's next code and hand it over; the code before it is dead. Errors of `CodeSending.send`."""
        return await self._sending.send(challenge, recipient)

    async def send_nothing(self, challenge: Challenge[CodeSubject], recipient: Recipient) -> SentCode:
        """Do for a decoy what `send` does, up to the message."""
        return await self._sending.send_nothing(challenge, recipient)

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

    async def _is_as_it_was(self, challenge: Challenge[CodeSubject]) -> bool:
        """Whether the contact has not been changed since the challenge was made (OTC-03)."""
        holder = await self._holders.find(challenge.account_id)
        return holder is not None and holder.version(challenge.slot) == challenge.target_version
