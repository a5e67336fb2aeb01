"""Staff open a record with a written reason, and read under it: each read is an event before it is an answer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, handle
from ansinh_kit.errors import ConcurrencyConflictError
from ansinh_kit.event_store.store import EventStore

from records.domain.offices import Officer
from records.domain.opening.errors import RecordNotFoundError
from records.domain.opening.events import RecordOpened
from records.domain.opening.opening import Opening, OpeningCommand, OpenRecord, ReadUnderOpening, opening_decider
from records.domain.parts import Part, Scope
from records.handlers.context import CommandContext

_STREAM_PREFIX: Final = "opening"
# A page asks for its parts at once, and each of those reads goes into the one stream of its opening.
_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True)
class ManagedRecord:
    """A record by its own id, and the agency that manages it now: alone, if it is restricted."""

    participant_id: str
    agency_code: str
    restricted: bool = False


class Managed(Protocol):
    async def managed(self, participant_id: str) -> ManagedRecord | None:
        """Return the record, or the one it was merged into; `None` if there is none."""
        ...


class Openings:
    """Openings and the reads under them.

    Args:
        lasts: How long an opening is good.
    """

    def __init__(self, *, store: EventStore, clock: Clock, records: Managed, lasts: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._records = records
        self._lasts = lasts

    async def open(
        self, participant_id: str, officer: Officer, *, scope: Scope, reason: str, context: CommandContext
    ) -> RecordOpened:
        """Open the record for this officer; the same command again returns the first opening.

        Args:
            reason: As `written_reason` returned it.

        Raises:
            RecordNotFoundError: There is no such record, or another agency manages it.
        """
        record = await self._record(participant_id)
        opening_id = context.derived("opening")
        command = OpenRecord(
            opening_id=opening_id,
            participant_id=record.participant_id,
            managed_by=record.agency_code,
            restricted=record.restricted,
            officer=officer,
            scope=scope,
            reason=reason,
            lasts=self._lasts,
            at=self._clock.now(),
        )
        handled = await self._handled(opening_id, command, context)
        if handled.state.opened is None:  # a stream that was appended to begins with its opening
            raise RecordNotFoundError
        return handled.state.opened

    async def read(
        self, participant_id: str, officer: Officer, *, part: Part, opening_id: str, context: CommandContext
    ) -> str:
        """Have the officer read a part of the record; when this returns its id, that it was read is in the log.

        Raises:
            RecordNotFoundError: There is no such record, or another agency manages it.
            OpeningNotValidError, OpeningClosedError, OpeningTooNarrowError: Not under this opening.
            UnavailableError: It could not be recorded, so it must not be read (PII-10).
        """
        record = await self._record(participant_id)
        command = ReadUnderOpening(
            participant_id=record.participant_id,
            managed_by=record.agency_code,
            restricted=record.restricted,
            officer=officer,
            part=part,
            at=self._clock.now(),
        )
        await self._recorded(opening_id, command, context)
        return record.participant_id

    async def _recorded(self, opening_id: str, command: ReadUnderOpening, context: CommandContext) -> None:
        for _ in range(_ROUNDS - 1):
            try:
                await self._handled(opening_id, command, context)
            except ConcurrencyConflictError:
                continue
            return
        await self._handled(opening_id, command, context)

    async def _record(self, participant_id: str) -> ManagedRecord:
        record = await self._records.managed(participant_id)
        if record is None:
            raise RecordNotFoundError
        return record

    async def _handled(self, opening_id: str, command: OpeningCommand, context: CommandContext) -> Handled[Opening]:
        return await handle(
            self._store,
            opening_stream(opening_id),
            command,
            opening_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
        )


def opening_stream(opening_id: str) -> str:
    return f"{_STREAM_PREFIX}-{opening_id}"
