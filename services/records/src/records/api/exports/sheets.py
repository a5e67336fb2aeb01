"""Puts sheets together, each from the same reads as the route that shows the same thing."""

import asyncio
from datetime import datetime
from typing import Final

from records.api.benefit_routes import day_of
from records.api.card_routes import card_page
from records.api.exports.benefits_section import benefits_section, payments_section
from records.api.exports.card_section import card_sections
from records.api.exports.explanation_section import explanation_section
from records.api.exports.participation_section import participation_section
from records.api.exports.person_section import holder, whole_person
from records.api.exports.visits_section import visit_sections
from records.api.person_routes import PersonalPage, personal_page
from records.api.visit_routes import whole_book
from records.domain.benefits.kinds import TABS, Tab
from records.domain.exports.sheet import Section, Sheet
from records.domain.exports.what import BENEFITS, PARTICIPATION, TITLES, What
from records.domain.kind import Kind
from records.handlers.participation import ParticipationReading
from records.handlers.row_history import RowHistories
from records.projections.benefits import BenefitSeen, benefits_at, tab_key
from records.projections.cards import cards_at
from records.projections.catalogue import ReadModels

# Of the five seconds the gateway waits for a first byte, the rest is for making the file.
_CATCH_UP_SECONDS: Final = 2.0


class Sheets:
    """Reads one participant's record for an export. Who may have it was settled before."""

    def __init__(
        self, *, read_models: ReadModels, histories: RowHistories, participation: ParticipationReading
    ) -> None:
        self._read = read_models
        self._histories = histories
        self._participation = participation

    async def catch_up(self, position: int) -> None:
        """Return once the read models have the log up to `position`: a paper says all that was recorded (V-31).

        Raises:
            UnavailableError: They are behind, and did not get there in time: no paper rather than an old one.
        """
        read = self._read
        shown = (read.person, read.participation, read.benefit_tabs, read.health_cards, read.medical_book)
        await asyncio.gather(*(each.wait_for(position, timeout_seconds=_CATCH_UP_SECONDS) for each in shown))

    async def person(self, participant_id: str, as_of: datetime) -> PersonalPage:
        """Return whose record it is.

        Raises:
            ParticipantNotFoundError: Nothing was recorded of the person by then, or the person was forgotten.
            UnavailableError: The read model could not be asked.
        """
        return await personal_page(self._read.person, participant_id, as_of)

    async def sheet(self, what: What, page: PersonalPage, as_of: datetime) -> Sheet:
        """Return what the records said at `as_of`.

        Raises:
            ContributionsErasedError: The person was forgotten meanwhile.
            UnavailableError: A read model could not be asked; never told as "no rows" (S-35).
        """
        whose = whole_person(page) if what == "book" else holder(page)
        return Sheet(title=TITLES[what], sections=(whose, *await self._content(what, page.participant_id, as_of)))

    async def _content(self, what: What, participant_id: str, as_of: datetime) -> tuple[Section, ...]:
        if what == "book":
            return await self._book(participant_id, as_of)
        if what == "card":
            return await self._card(participant_id, as_of)
        if what == "visits":
            return visit_sections(await whole_book(self._histories.visits, participant_id, as_of))
        if what in BENEFITS:
            return await self._benefits(participant_id, BENEFITS[what], as_of)
        return await self._kind(participant_id, PARTICIPATION[what], as_of)

    async def _kind(self, participant_id: str, kind: Kind, as_of: datetime) -> tuple[Section, ...]:
        read = await self._participation.of_kind(participant_id, kind, as_of)
        listed = participation_section(read)
        return (listed, explanation_section(read)) if read.periods else (listed,)

    async def _book(self, participant_id: str, as_of: datetime) -> tuple[Section, ...]:
        """Return participation of all kinds and the benefits of all tabs.

        How each total comes about, and what was paid of a benefit, stands in the lists of their own.
        """
        reads = await self._participation.of_all_kinds(participant_id, as_of)
        tabs = [(tab, await self._tab(participant_id, tab, as_of)) for tab in TABS]
        return (
            *(participation_section(read) for read in reads),
            *(benefits_section(tab, seen, day_of(as_of)) for tab, seen in tabs),
        )

    async def _benefits(self, participant_id: str, tab: Tab, as_of: datetime) -> tuple[Section, ...]:
        seen = await self._tab(participant_id, tab, as_of)
        listed = benefits_section(tab, seen, day_of(as_of))
        return (listed, payments_section(tab, seen)) if seen else (listed,)

    async def _tab(self, participant_id: str, tab: Tab, as_of: datetime) -> list[BenefitSeen]:
        return benefits_at(await self._histories.benefits.get(tab_key(participant_id, tab), as_of), as_of)

    async def _card(self, participant_id: str, as_of: datetime) -> tuple[Section, ...]:
        known = cards_at(await self._histories.cards.get(participant_id, as_of), as_of)
        return card_sections(card_page(known, day_of(as_of)))
