"""Rows of participants: a record for everyone who has none, nothing for those who stand as the row says."""

import asyncio
from collections import defaultdict
from functools import partial
from typing import Final

from ansinh_kit.personal_data.cipher import PersonalDataCipher

from records.domain.bulk.columns import Columns
from records.domain.bulk.participants import (
    PARTICIPANT_COLUMNS,
    contact_of,
    identity_of,
    is_born_after,
    numbers_of,
)
from records.domain.bulk.refusals import Refusal
from records.domain.bulk.rules import CONTRADICTS, IN_THE_FUTURE, UNKNOWN_PARTICIPANT
from records.domain.feeding.values import VIET_NAM
from records.domain.imports.counts import Counts, Verdict
from records.domain.offices import covers, in_charge
from records.domain.participant.details import Contact, insurance_key
from records.domain.participant.errors import NumberTakenError
from records.domain.participant.state import Participant
from records.handlers.context import CommandContext, derived_id
from records.handlers.importing.chunks import Chunk, ReadRow
from records.handlers.importing.feeder import Fed, Feed, FeedContext
from records.handlers.participants import Participants
from records.handlers.registering import NewParticipant, Registering

_AT_ONCE: Final = 64


class ParticipantFeeder:
    """`Feeder` of people. Whoever is on record is changed by officers alone: a row that differs is refused."""

    def __init__(self, *, registering: Registering, participants: Participants, cipher: PersonalDataCipher) -> None:
        self._registering = registering
        self._participants = participants
        self._cipher = cipher

    @property
    def columns(self) -> Columns:
        return PARTICIPANT_COLUMNS

    async def prepare(self, chunk: Chunk, context: FeedContext) -> Feed:
        await self._cipher.prepare([_participant_id(row, context) for row in chunk.rows])
        return partial(self._feed, chunk, context)

    async def _feed(self, chunk: Chunk, context: FeedContext) -> Fed:
        turns = asyncio.Semaphore(_AT_ONCE)
        same_number: dict[str, list[ReadRow]] = defaultdict(list)
        for row in chunk.rows:
            same_number[row.values["social_insurance_number"]].append(row)

        async def take(rows: list[ReadRow]) -> list[Verdict | Refusal]:
            async with turns:
                return [await self._take(row, context) for row in rows]

        told = await asyncio.gather(*(take(rows) for rows in same_number.values()))
        answers = [answer for group in told for answer in group]
        refusals = [*chunk.refusals, *(answer for answer in answers if isinstance(answer, Refusal))]
        refusals.sort(key=lambda refusal: refusal.line)
        taken = Counts.of(answer for answer in answers if not isinstance(answer, Refusal))
        refused = len({refusal.line for refusal in refusals})
        return Fed(taken.model_copy(update={"refused": refused}), refusals)

    async def _take(self, row: ReadRow, context: FeedContext) -> Verdict | Refusal:
        values = row.values
        if context.agency_code is not None and not covers(context.agency_code, values["agency_code"]):
            return Refusal(row.line, UNKNOWN_PARTICIPANT, "agency_code")
        if is_born_after(values, context.now.astimezone(VIET_NAM).date()):
            return Refusal(row.line, IN_THE_FUTURE, "birth_date")
        new = NewParticipant(
            agency_code=values["agency_code"],
            identity=identity_of(values),
            numbers=numbers_of(values),
            contact=contact_of(values),
        )
        command = CommandContext(_commit_id(row, context), context.metadata)
        try:
            registered = await self._registering.register(new, "file", command)
        except NumberTakenError:
            return await self._known(row, new, context.agency_code)
        return "recorded" if _says(registered.state, new) else Refusal(row.line, CONTRADICTS)

    async def _known(self, row: ReadRow, new: NewParticipant, agency_code: str | None) -> Verdict | Refusal:
        """Return what the row says to the participant who has one of its numbers.

        Of another agency's participant nobody learns by a file that a guess is right.
        """
        key = insurance_key(new.numbers.social_insurance_number)
        standing = await self._participants.find_by_number(key)
        known = standing is not None and _in_charge(agency_code, standing) and _says(standing, new)
        return "unchanged" if known else Refusal(row.line, CONTRADICTS)


def _in_charge(agency_code: str | None, standing: Participant) -> bool:
    return agency_code is None or in_charge(agency_code, standing.agency_code, restricted=standing.restricted)


def _says(standing: Participant, new: NewParticipant) -> bool:
    """Compare what the row can say. One without an e-mail address says nothing of it: declarations bring most."""
    known = standing.contact or Contact()
    reached = Contact(address=known.address, phone=known.phone, email=new.contact.email and known.email)
    return (standing.identity, standing.numbers, reached) == (new.identity, new.numbers, new.contact)


def _commit_id(row: ReadRow, context: FeedContext) -> str:
    return derived_id(context.import_id, f"participant/{row.line}")


def _participant_id(row: ReadRow, context: FeedContext) -> str:
    return CommandContext(_commit_id(row, context), context.metadata).derived("participant")
