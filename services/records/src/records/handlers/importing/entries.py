"""Benefits, health cards and visits: rows that go to a participant's record by the same way as over HTTP."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, Protocol, TypeVar

from ansinh_kit.errors import DomainError
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from pydantic import BaseModel

from records.domain.bulk.cells import text
from records.domain.bulk.columns import Column, Columns
from records.domain.bulk.contributions import ACTION, CITIZEN_NUMBER, NUMBERS, SOCIAL_INSURANCE_NUMBER
from records.domain.bulk.refusals import Refusal
from records.domain.bulk.rules import NOT_TAKEN
from records.domain.bulk.shapes import shape_of
from records.domain.imports.counts import Counts, Verdict
from records.domain.published_rules import all_rules
from records.handlers.context import CommandContext
from records.handlers.feeding import Fed as FedEntries
from records.handlers.feeding import Sent
from records.handlers.importing.chunks import Chunk, ReadRow
from records.handlers.importing.feeder import Fed, Feed, FeedContext, commit_id_of
from records.handlers.importing.people import People, Whose, numbers_of

Entry = TypeVar("Entry", bound=BaseModel)

_CELL: Final = text(1_000)
_PEOPLE_AT_ONCE: Final = 64
_RULES: Final = all_rules()


def columns_of(entry: type[BaseModel]) -> Columns:
    """Return the columns of a file of such entries: who it is about, and a cell for each field."""
    about = {"social_insurance_number": SOCIAL_INSURANCE_NUMBER, "citizen_number": CITIZEN_NUMBER}
    first = [*(Column(name, check) for name, check in about.items()), Column("action", ACTION)]
    # Files know no ids: what corrects a row by its id is sent over HTTP, by an officer who has seen it.
    cells = [Column(name, _CELL) for name in entry.model_fields if name not in about and name != "corrects"]
    return Columns([*first, *cells], one_of=NUMBERS)


class Take(Protocol[Entry]):
    def __call__(
        self, participant_id: str, sent: Sequence[Sent[Entry]], /, *, context: CommandContext
    ) -> Awaitable[FedEntries]: ...


@dataclass(frozen=True, slots=True)
class EntryKind(Generic[Entry]):
    """A kind of entry, and the command that takes the entries of one participant in."""

    entry: type[Entry]
    take: "Take[Entry]"


class EntryFeeder(Generic[Entry]):
    """`Feeder` of rows that are checked by their own aggregate's rules."""

    def __init__(self, kind: EntryKind[Entry], *, cipher: PersonalDataCipher, people: People) -> None:
        self._kind = kind
        self._cipher = cipher
        self._people = people
        self._columns = columns_of(kind.entry)

    @property
    def columns(self) -> Columns:
        return self._columns

    async def prepare(self, chunk: Chunk, context: FeedContext) -> Feed:
        refusals = list(chunk.refusals)
        people = await self._people.find(numbers_of(chunk.rows))
        whose = Whose(people, context.agency_code, sent_by=context.metadata.actor)
        rows: dict[str, list[ReadRow]] = defaultdict(list)
        for row in chunk.rows:
            insured = whose.record(row)
            if isinstance(insured, Refusal):
                refusals.append(insured)
            else:
                rows[insured.participant_id].append(row)
        await self._cipher.prepare(rows.keys())
        return partial(self._feed, rows, refusals, chunk.number, context)

    async def _feed(
        self, rows: dict[str, list[ReadRow]], refusals: list[Refusal], chunk: int, context: FeedContext
    ) -> Fed:
        verdicts = await self._taken(rows, chunk, context, refusals)
        refusals.sort(key=lambda refusal: refusal.line)
        taken = Counts.of(verdict for verdict in verdicts if verdict != "refused")
        refused = len({refusal.line for refusal in refusals})
        return Fed(taken.model_copy(update={"refused": refused}), refusals)

    async def _taken(
        self, rows: dict[str, list[ReadRow]], chunk: int, context: FeedContext, refusals: list[Refusal]
    ) -> list[Verdict]:
        turns = asyncio.Semaphore(_PEOPLE_AT_ONCE)

        async def take(participant_id: str) -> tuple[list[Verdict], list[Refusal]]:
            async with turns:
                lines = [row.line for row in rows[participant_id]]
                commit_id = commit_id_of(context.import_id, chunk, participant_id, lines)
                command = CommandContext(commit_id, context.metadata)
                return await self._take(participant_id, rows[participant_id], command)

        verdicts: list[Verdict] = []
        for told, refused in await asyncio.gather(*(take(participant_id) for participant_id in rows)):
            verdicts += told
            refusals += refused
        return verdicts

    async def _take(
        self, participant_id: str, rows: Sequence[ReadRow], context: CommandContext
    ) -> tuple[list[Verdict], list[Refusal]]:
        try:
            fed = await self._kind.take(participant_id, [self._sent(row) for row in rows], context=context)
        except DomainError:
            # A record that is closed or forgotten: which of them is nobody's business but its officer's.
            return [], [Refusal(row.line, NOT_TAKEN) for row in rows]
        refusals = [
            _refusal(rows[outcome.index], violation.field, violation.rule)
            for outcome in fed.outcomes
            for violation in outcome.violations
        ]
        return [outcome.verdict for outcome in fed.outcomes], refusals

    def _sent(self, row: ReadRow) -> Sent[Entry]:
        cells = {name: row.values.get(name) or "" for name in self._kind.entry.model_fields}
        return Sent(self._kind.entry.model_validate(cells), as_correction=row.values["action"] == "correct")


def _refusal(row: ReadRow, field: str, rule: str) -> Refusal:
    value = row.values.get(field)
    return Refusal(row.line, _RULES.get(rule, NOT_TAKEN), field, None if value is None else shape_of(str(value)))
