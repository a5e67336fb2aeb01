"""The work behind the answer: whose numbers they are, and a code to their contact; for anybody else a decoy.

It can be done again after a kill at any step: the challenge has the recovery's id and is opened once, its first code
is sent once, and the request waits until it is marked as done.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import structlog
from ansinh_kit.clock import Clock
from ansinh_kit.errors import NotFoundError, UnavailableError
from ansinh_kit.mongo import DuplicateKeyError
from ansinh_kit.throttling.port import TooManyAttemptsError

from auth.domain.access.recoveries import can_be_recovered
from auth.domain.challenges import Challenge
from auth.domain.code_subjects import Recovery
from auth.domain.recipients import NOBODY, Recipient, channel_of, recipient
from auth.handlers.codes import Codes
from auth.handlers.sent_codes import CodeSentMeanwhileError
from auth.storage.access_documents import AccessDocuments
from auth.storage.holders import Holders
from auth.storage.identities import Identities
from auth.storage.recoveries import AskedRecovery, RecoveryDocuments

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 16
_NO_PASSWORD: Final = 0
_LIFE_OF_CODE_BY_SMS: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Match:
    to: Recipient
    password_epoch: int


class PrepareRecoveries:
    def __init__(
        self,
        *,
        documents: RecoveryDocuments,
        identities: Identities,
        holders: Holders,
        access: AccessDocuments,
        codes: Codes,
        bell: asyncio.Event,
        clock: Clock,
    ) -> None:
        self._documents = documents
        self._identities = identities
        self._holders = holders
        self._access = access
        self._codes = codes
        self._bell = bell
        self._clock = clock

    async def run(self, *, every_seconds: float = 1.0) -> None:
        """Do the work of what was asked for, for ever, the oldest first."""
        while True:
            self._bell.clear()
            try:
                await self.prepare_waiting()
            except UnavailableError as error:
                log.warning("recoveries_wait", dependency=error.dependency)
            await self._next_round(every_seconds)

    async def prepare_waiting(self) -> int:
        """Do the work of all that wait now; return how many they were.

        Raises:
            UnavailableError: Some of them still wait.
        """
        prepared = 0
        while waiting := await self._documents.waiting(limit=_AT_ONCE):
            work = (self._prepare(asked) for asked in waiting)
            for outcome in await asyncio.gather(*work, return_exceptions=True):
                if outcome is not None:
                    raise outcome
            prepared += len(waiting)
        return prepared

    async def _prepare(self, asked: AskedRecovery) -> None:
        match = await self._match(asked)
        challenge = await self._opened(asked, match)
        if challenge.sendings == 0:
            await self._send(challenge, match.to)
        await self._documents.note_prepared(asked.recovery_id, self._clock.now())

    async def _match(self, asked: AskedRecovery) -> _Match:
        """Return whom to reach; nobody if the numbers are not one person's, or there is nothing to recover."""
        nobody = _Match(replace(NOBODY, slot=asked.slot), _NO_PASSWORD)
        account_id = await self._identities.find_agreeing(asked.number, asked.identity)
        entry = None if account_id is None else await self._access.find(account_id)
        holder = None if account_id is None else await self._holders.find(account_id)
        if entry is None or holder is None or not can_be_recovered(entry.access):
            return nobody
        address = holder.value(asked.slot)
        # An address nobody has ever shown a code of may be a stranger's: it gets none (V-10).
        if address is None or not holder.is_confirmed(asked.slot):
            return nobody
        return _Match(recipient(holder, asked.slot, address), entry.access.password_epoch)

    async def _opened(self, asked: AskedRecovery, match: _Match) -> Challenge[Recovery]:
        life = Recovery.life if channel_of(asked.slot) == "email" else _LIFE_OF_CODE_BY_SMS
        new = self._codes.challenge(Recovery(password_epoch=match.password_epoch), match.to, life=life)
        challenge = replace(new, challenge_id=asked.recovery_id)
        try:
            await self._codes.open(challenge)
        except DuplicateKeyError:
            # Another process, or this one before it was killed.
            return await self._codes.find_open(asked.recovery_id, Recovery)
        return challenge

    async def _send(self, challenge: Challenge[Recovery], to: Recipient) -> None:
        try:
            if challenge.account_id:
                await self._codes.send(challenge, to)
            else:
                await self._codes.send_nothing(challenge, to)
        except (TooManyAttemptsError, NotFoundError) as error:
            # The person has had enough codes, or another contact by now: the challenge stays one that nobody answers.
            log.warning("recovery_code_not_sent", account_id=challenge.account_id, code=error.code)
        except CodeSentMeanwhileError:
            return

    async def _next_round(self, every_seconds: float) -> None:
        try:
            async with asyncio.timeout(every_seconds):
                await self._bell.wait()
        except TimeoutError:
            return
