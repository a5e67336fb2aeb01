"""Merging a duplicate into the record it is a second one of: a process over several streams, one commit each.

It begins with an event on the survivor and ends with another; in between the duplicate is closed, and each of its
other streams is closed and handed over. Every step has a commit id of its own, made from the merge's id, so the whole
can be done again from its beginning after a crash at any point, and by two processes at once (ADR-0008).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import structlog
from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled
from ansinh_kit.errors import ConcurrencyConflictError, DomainError, RefusedError, UnavailableError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata

from records.domain.offices import Officer
from records.domain.participant import commands as asked
from records.domain.participant.decide_for_officer import refuse_unless_managed
from records.domain.participant.errors import MergeUnderWayError
from records.domain.participant.events import MergeBegun
from records.domain.participant.state import Participant
from records.handlers.context import CommandContext, derived_id
from records.handlers.participants import Participants
from records.projections.read_model import ReadModel

_OPEN_MERGES_AT_ONCE: Final = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    merge_id: str
    into: str
    duplicate_id: str

    def context(self, step: str) -> CommandContext:
        """Return what the commit of this step is recorded with; the same step always gets the same commit id."""
        metadata = Metadata(correlation_id=self.merge_id, actor="service:records")
        return CommandContext(derived_id(self.merge_id, step), metadata)


class MergeableStreams(Protocol):
    """One kind of stream that participants have beside `participant-<id>`, as its part offers it to merges."""

    async def move(self, merge: Merge) -> None:
        """Close the duplicate's stream, then give what it held to the survivor's; when this returns both are durable.

        An empty stream is closed as well: a command on its way must find out where to go. What is called again
        after a crash finds its own commits (`merge.context("contributions/close")`, …) and goes on.

        Raises:
            UnavailableError, ConcurrencyConflictError: Not now; the process comes back.
        """
        ...


class MergeProcess:
    def __init__(
        self, *, store: EventStore, participants: Participants, clock: Clock, streams: Sequence[MergeableStreams]
    ) -> None:
        self._store = store
        self._participants = participants
        self._clock = clock
        self._streams = streams

    async def begin(self, participant_id: str, duplicate_id: str, officer: Officer, context: CommandContext) -> Merge:
        """Merge `duplicate_id` into `participant_id`, both in the officer's hands; return when all has arrived.

        If this dies half-way, `carry_on` finishes it.

        Raises:
            ParticipantNotFoundError: One of the two is not there, or another agency's.
            SameParticipantError, MergeUnderWayError, ParticipantMergedAwayError: Then both stay as they were.
        """
        survivor = (await self._participants.standing(participant_id)).state
        duplicate = (await self._participants.standing(duplicate_id)).state
        for each in (survivor, duplicate):
            refuse_unless_managed(officer, each)
        command = asked.BeginMerge(
            officer=officer,
            merge_id=context.derived("merge"),
            duplicate_id=duplicate.participant_id,
            at=self._clock.now(),
        )
        begun = await self._participants.handle(survivor.participant_id, command, context)
        merge = _merge_of(begun, duplicate.participant_id)
        await self.carry_on(merge)
        return merge

    async def carry_on(self, merge: Merge) -> None:
        """Do what is left of a merge that has begun.

        Raises:
            RefusedError: The duplicate cannot be closed; the merge is abandoned.
            UnavailableError, ConcurrencyConflictError: Not now; call again.
        """
        survivor = (await self._participants.load(merge.into)).state
        if merge.duplicate_id in survivor.absorbed:
            return
        if merge.merge_id not in survivor.absorbing:
            raise MergeUnderWayError
        await self._close(merge)
        for streams in self._streams:
            await streams.move(merge)
        await self._take_over(merge)
        log.info("merge_finished", participant_id=merge.into)

    async def _close(self, merge: Merge) -> None:
        context = merge.context("close")
        command = asked.CloseForMerge(merge_id=merge.merge_id, into=merge.into, at=self._clock.now())
        try:
            await self._participants.handle_here(merge.duplicate_id, command, context)
        except RefusedError:
            # A rival carrying on the same merge may close it after all: only once that is barred may we give it up.
            if not await self._store.bar(context.commit_id):
                raise ConcurrencyConflictError(f"participant-{merge.duplicate_id}", 0) from None
            await self._abandon(merge)
            raise

    async def _abandon(self, merge: Merge) -> None:
        command = asked.AbandonMerge(merge_id=merge.merge_id, duplicate_id=merge.duplicate_id, at=self._clock.now())
        await self._participants.handle(merge.into, command, merge.context("abandon"))

    async def _take_over(self, merge: Merge) -> None:
        closed = (await self._participants.load(merge.duplicate_id)).state
        command = asked.TakeOverDuplicate(
            merge_id=merge.merge_id,
            duplicate_id=merge.duplicate_id,
            accounts=tuple(sorted(closed.linked)),
            held_links=tuple(closed.held[person_id] for person_id in sorted(closed.held)),
            declared_contacts=closed.declared,
            guardians=tuple(sorted(closed.guardians)),
            barred_staff=tuple(sorted(closed.barred_staff)),
            former_numbers=closed.numbers,
            at=self._clock.now(),
        )
        await self._participants.handle(merge.into, command, merge.context("take_over"))


def _merge_of(begun: Handled[Participant], duplicate_id: str) -> Merge:
    """Return the merge that this command began, now or when it came first; else the one that was under way."""
    for recorded in begun.events:
        if isinstance(recorded.event, MergeBegun):
            event = recorded.event
            return Merge(merge_id=event.merge_id, into=event.participant_id, duplicate_id=event.duplicate_id)
    state = begun.state
    merge_id = next(merge_id for merge_id, absorbed in state.absorbing.items() if absorbed == duplicate_id)
    return Merge(merge_id=merge_id, into=state.participant_id, duplicate_id=duplicate_id)


async def carry_on_open_merges(open_merges: ReadModel, merging: MergeProcess) -> None:
    """Carry on every merge that a process which died has left open. One that cannot go on does not hold up others."""
    for found in await open_merges.find({}, sort=[("begun_at", 1)], limit=_OPEN_MERGES_AT_ONCE):
        merge = Merge(merge_id=found["merge_id"], into=found["into"], duplicate_id=found["duplicate_id"])
        try:
            await merging.carry_on(merge)
        except (DomainError, UnavailableError) as error:
            # Refused, and so abandoned; or raced, or down: then it is still open the next time.
            log.warning("merge_interrupted", participant_id=merge.into, reason=type(error).__name__)
