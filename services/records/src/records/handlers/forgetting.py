"""Forgetting a person in the records, and where the law demands keeping, restricting the record instead (PII-06).

First the event, with its legal basis; it tells the other services too. Then keys, reservations, views and snapshots;
then a look that all of it is gone. Every step may be done again, so whoever died half-way begins anew.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from ansinh_kit.backoff import Backoff
from ansinh_kit.clock import Clock
from ansinh_kit.erasure import Erasure
from ansinh_kit.errors import DomainError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import ERASED, DomainEvent, Metadata

from records.domain.participant import events as happened
from records.domain.participant.commands import ForgetParticipant, RestrictParticipant
from records.domain.participant.details import NumberKey
from records.domain.participant.errors import ParticipantNotFoundError
from records.domain.participant.state import Participant
from records.handlers.context import CommandContext, derived_id
from records.handlers.participants import Participants, participant_stream
from records.handlers.record_ids import RecordIds

_PATIENCE: Final = Backoff(0.2, 2.0)
_TRIES: Final = 8
RECORD_STREAMS: Final = ("participant", "contributions", "benefits", "cards", "visits", "notices")


class StillReadableError(DomainError):
    """Something of a forgotten person can be read still: forget once more, and if it stays so, look at the log."""

    code: ClassVar[str] = "still_readable"

    def __init__(self, where: Sequence[str]) -> None:
        super().__init__(", ".join(where))
        self.where = tuple(where)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Under which ids the person was known: as participants here, as the holder of accounts elsewhere."""

    participant_ids: tuple[str, ...]
    person_ids: tuple[str, ...]


class Forgetting:
    """`patience` is waited between tries, when a process with the keys still in memory wrote once more."""

    def __init__(
        self,
        *,
        store: EventStore,
        participants: Participants,
        record_ids: RecordIds,
        erasure: Erasure,
        clock: Clock,
        patience: Backoff = _PATIENCE,
    ) -> None:
        self._store = store
        self._participants = participants
        self._record_ids = record_ids
        self._erasure = erasure
        self._clock = clock
        self._patience = patience

    async def numbers(self, participant_id: str) -> frozenset[NumberKey]:
        """Return every number of the person, former ones included; none any more once the person was forgotten.

        Raises:
            ParticipantNotFoundError: There is none.
        """
        return (await self._open(participant_id)).number_keys()

    async def forget(
        self,
        participant_id: str,
        *,
        legal_basis: str,
        metadata: Metadata,
        declarations: Iterable[happened.ForgottenAccount] = (),
    ) -> Forgotten:
        """Forget the person, and return when it is proven that nothing can be read.

        Args:
            legal_basis: As `written_reason` returned it. It stays in the log for ever.
            declarations: Further ones that name the person, whatever became of them; their holders are forgotten too.

        Raises:
            ParticipantNotFoundError: There is none.
            LegalBasisNamesPersonError: The legal basis has a name or a number of the person in it.
            MergeUnderWayError: A duplicate is on its way into the record.
            StillReadableError: It is not proven.
            UnavailableError: Not all of it was done; do it again.
        """
        record = await self._open(participant_id)
        ids = await self._record_ids.of(record.participant_id)
        linked = [account async for account in self._accounts(ids, record)]
        command = ForgetParticipant(
            legal_basis=legal_basis,
            accounts=tuple({account.person_id: account for account in (*linked, *declarations)}.values()),
            duplicates=tuple(ids[1:]),
            at=self._clock.now(),
        )
        context = CommandContext(derived_id(record.participant_id, "forget"), metadata)
        await self._participants.handle_here(record.participant_id, command, context)
        accounts = await self._told(record.participant_id)
        await self._erase(ids, accounts)
        return Forgotten(tuple(ids), accounts)

    async def restrict(self, participant_id: str, *, metadata: Metadata) -> str:
        """Keep the record for the person and the managing agency alone; return the participant's id.

        Raises:
            ParticipantNotFoundError: There is none.
        """
        record = await self._open(participant_id)
        command = RestrictParticipant(at=self._clock.now())
        context = CommandContext(derived_id(record.participant_id, "restrict"), metadata)
        await self._participants.handle_here(record.participant_id, command, context)
        return record.participant_id

    async def _open(self, participant_id: str) -> Participant:
        """Return the record; also one of a forgotten person, where forgetting is to be carried to its end."""
        record = (await self._participants.load(participant_id)).state
        while record.merged_into is not None:
            record = (await self._participants.load(record.merged_into)).state
        if record.status == "absent":
            raise ParticipantNotFoundError
        return record

    async def _accounts(self, ids: Sequence[str], record: Participant) -> AsyncIterator[happened.ForgottenAccount]:
        """Yield the accounts that read the record now; a declaration is looked up where its link was recorded."""
        for each in ids:
            for recorded in await self._store.read_stream(participant_stream(each)):
                event = recorded.event
                if isinstance(event, happened.AccountLinked) and event.person_id in record.linked:
                    yield happened.ForgottenAccount(person_id=event.person_id, declaration_id=event.declaration_id)

    async def _told(self, participant_id: str) -> tuple[str, ...]:
        events = [recorded.event for recorded in await self._store.read_stream(participant_stream(participant_id))]
        return tuple(
            account.person_id
            for event in events
            if isinstance(event, happened.ParticipantForgotten)
            for account in event.accounts
        )

    async def _erase(self, ids: Sequence[str], accounts: Sequence[str]) -> None:
        """Erase until it is proven: a projector may be about to write what it read before."""
        where: list[str] = []
        for attempt in range(1, _TRIES + 1):
            await asyncio.sleep(self._patience.seconds_before(attempt))
            for subject_id in (*ids, *accounts):
                await self._erasure.erase(subject_id, owners=(subject_id,))
            where = await self._readable(ids, accounts)
            if not where:
                return
        raise StillReadableError(where)

    async def _readable(self, ids: Sequence[str], accounts: Sequence[str]) -> list[str]:
        subjects = frozenset((*ids, *accounts))
        where = [name for subject_id in subjects for name in await self._erasure.remains(subject_id)]
        for subject_id in ids:
            for kind in RECORD_STREAMS:
                stream_id = f"{kind}-{subject_id}"
                recorded = await self._store.read_stream(stream_id)
                where += [stream_id for one in recorded if _is_readable(one.event, subjects)]
        return sorted(set(where))


def _is_readable(event: DomainEvent, subjects: Collection[str]) -> bool:
    values = [getattr(event, name) for name in event.personal_fields()]
    return event.subject_id() in subjects and any(value not in (None, ERASED) for value in values)
