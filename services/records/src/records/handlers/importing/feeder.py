"""One chunk into the log: a commit for each person, all of them in flight together."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from ansinh_kit.batch_handling import Asked, handle_all
from ansinh_kit.batches import batches
from ansinh_kit.decider import Handled
from ansinh_kit.errors import DomainError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from records.domain.bulk.columns import Columns
from records.domain.bulk.refusals import Refusal
from records.domain.bulk.rules import NOT_TAKEN
from records.domain.imports.counts import Counts, Verdict
from records.handlers.context import derived_id
from records.handlers.importing.chunks import Chunk, ReadRow
from records.handlers.importing.file_kind import FileKind, RowOutcome
from records.handlers.importing.people import People, Whose, numbers_of

Item = TypeVar("Item")
Command = TypeVar("Command")
State = TypeVar("State")
Event = TypeVar("Event", bound=DomainEvent)

_MERGES_FOLLOWED: Final = 4
# Between so many rows others get their turn: the chunk before is being written.
_ROWS_IN_A_ROW: Final = 250


@dataclass(frozen=True, slots=True)
class FeedContext:
    """For whom and as part of what a chunk is taken in. `agency_code` is `None` for participants of every agency."""

    import_id: str
    agency_code: str | None
    metadata: Metadata
    now: datetime


@dataclass(frozen=True, slots=True)
class Fed:
    """What became of a chunk. Refusals come in the order of the lines."""

    counts: Counts
    refusals: list[Refusal]


class Feeder(Protocol):
    @property
    def columns(self) -> Columns: ...

    async def prepare(self, chunk: Chunk, context: FeedContext) -> "Feed":
        """Find out what can be known of a chunk while the one before it is still being written.

        Raises:
            UnavailableError: A dependency is down; nothing was written.
        """
        ...


class Feed(Protocol):
    async def __call__(self) -> Fed:
        """Take in the rows of the chunk, each on its own. The same chunk again changes nothing and is told alike.

        Raises:
            UnavailableError: Some of the chunk may be in the log: feed it again.
        """
        ...


class _Sound(NamedTuple, Generic[Item]):
    """A row that may be told to its participant."""

    line: int
    item: Item


class StreamFeeder(Generic[Item, Command, State, Event]):
    """Feeds rows that belong to participants who are on record already."""

    def __init__(
        self,
        kind: FileKind[Item, Command, State, Event],
        *,
        store: EventStore,
        cipher: PersonalDataCipher,
        people: People,
    ) -> None:
        self._kind = kind
        self._store = store
        self._cipher = cipher
        self._people = people

    @property
    def columns(self) -> Columns:
        return self._kind.columns

    async def prepare(self, chunk: Chunk, context: FeedContext) -> Feed:
        refusals = list(chunk.refusals)
        sound = await self._sound_rows(chunk.rows, context, refusals)
        await self._cipher.prepare(sound.keys())
        return partial(self._feed, sound, refusals, chunk.number, context)

    async def _feed(
        self, sound: dict[str, list[_Sound[Item]]], refusals: list[Refusal], chunk: int, context: FeedContext
    ) -> Fed:
        verdicts: list[Verdict] = []
        for row, outcome in await self._told(sound, chunk, context):
            verdicts.append(outcome.verdict)
            if outcome.rule is not None:
                refusals.append(Refusal(row.line, outcome.rule, outcome.column))
        refusals.sort(key=lambda refusal: refusal.line)
        refused = len({refusal.line for refusal in refusals})
        taken = Counts.of(verdict for verdict in verdicts if verdict != "refused")
        return Fed(taken.model_copy(update={"refused": refused}), refusals)

    async def _sound_rows(
        self, rows: Sequence[ReadRow], context: FeedContext, refusals: list[Refusal]
    ) -> dict[str, list[_Sound[Item]]]:
        """Return the rows of each participant in the order of the file; what is wrong with others is noted."""
        people = await self._people.find(numbers_of(rows))
        whose = Whose(people, context.agency_code, sent_by=context.metadata.actor)
        sound: dict[str, list[_Sound[Item]]] = defaultdict(list)
        for several in batches(rows, _ROWS_IN_A_ROW):
            for row in several:
                insured = whose.record(row)
                if isinstance(insured, Refusal):
                    refusals.append(insured)
                    continue
                item = self._kind.check(row, insured, now=context.now)
                if isinstance(item, list):
                    refusals.extend(item)
                else:
                    sound[insured.participant_id].append(_Sound(row.line, item))
            await asyncio.sleep(0)
        return sound

    async def _told(
        self, sound: dict[str, list[_Sound[Item]]], chunk: int, context: FeedContext
    ) -> list[tuple[_Sound[Item], RowOutcome]]:
        told: list[tuple[_Sound[Item], RowOutcome]] = []
        for _ in range(_MERGES_FOLLOWED):
            if not sound:
                break
            answered, sound = await self._tell(sound, chunk, context)
            told += answered
        return told + [(row, RowOutcome("refused", NOT_TAKEN)) for rows in sound.values() for row in rows]

    async def _tell(
        self, sound: dict[str, list[_Sound[Item]]], chunk: int, context: FeedContext
    ) -> tuple[list[tuple[_Sound[Item], RowOutcome]], dict[str, list[_Sound[Item]]]]:
        """Return what became of the rows, and those whose participant was merged into another, under that one."""
        await self._cipher.prepare(sound.keys())
        asked = [self._asked(participant_id, rows, chunk, context) for participant_id, rows in sound.items()]
        answers = await handle_all(self._store, asked, self._kind.decider, metadata=context.metadata)
        told: list[tuple[_Sound[Item], RowOutcome]] = []
        moved: dict[str, list[_Sound[Item]]] = defaultdict(list)
        for (participant_id, rows), answer in zip(sound.items(), answers, strict=True):
            if isinstance(answer, Handled):
                items = [row.item for row in rows]
                told += zip(rows, self._kind.outcomes(participant_id, items, answer, at=context.now), strict=True)
            elif (survivor := self._kind.moved_to(answer)) is not None:
                moved[survivor] += rows
            else:
                told += [(row, _not_taken(answer)) for row in rows]
        return told, moved

    def _asked(
        self, participant_id: str, rows: Sequence[_Sound[Item]], chunk: int, context: FeedContext
    ) -> Asked[Command]:
        command = self._kind.command(participant_id, [row.item for row in rows], at=context.now)
        commit_id = commit_id_of(context.import_id, chunk, participant_id, [row.line for row in rows])
        return Asked(self._kind.stream_id(participant_id), command, commit_id)


def commit_id_of(import_id: str, chunk: int, participant_id: str, lines: Sequence[int]) -> str:
    """Return the id of the commit that takes these lines into this participant's record.

    The lines are part of it: rows of a duplicate that was merged meanwhile go to the survivor by a commit of their own,
    and a chunk done again after a merge takes no commit of some of its rows for that of all of them.
    """
    return derived_id(import_id, f"{chunk}/{participant_id}/{','.join(map(str, lines))}")


def _not_taken(refusal: DomainError) -> RowOutcome:
    del refusal  # a record that is closed or forgotten: which of them is nobody's business but its officer's
    return RowOutcome("refused", NOT_TAKEN)
