"""Puts sheets together, each from the same reads as the route that shows the same thing."""

from datetime import datetime

from records.api.exports.participation_section import participation_section
from records.api.exports.person_section import holder, whole_person
from records.api.person_routes import PersonalPage, personal_page
from records.domain.exports.sheet import Section, Sheet
from records.domain.exports.what import PARTICIPATION, TITLES, What
from records.handlers.participation import ParticipationReading
from records.projections.read_model import ReadModel


class Sheets:
    """Reads one participant's record for an export. Who may have it was settled before."""

    def __init__(self, *, people: ReadModel, participation: ParticipationReading) -> None:
        self._people = people
        self._participation = participation

    async def person(self, participant_id: str, as_of: datetime) -> PersonalPage:
        """Return whose record it is.

        Raises:
            ParticipantNotFoundError: Nothing was recorded of the person by then, or the person was forgotten.
            UnavailableError: The read model could not be asked.
        """
        return await personal_page(self._people, participant_id, as_of)

    async def sheet(self, what: What, page: PersonalPage, as_of: datetime) -> Sheet:
        """Return what the records said at `as_of`.

        Raises:
            ContributionsErasedError: The person was forgotten meanwhile.
            UnavailableError: A read model could not be asked; never told as "no rows" (S-35).
        """
        if what == "book":
            sections = (whole_person(page), *await self._book(page.participant_id, as_of))
        else:
            sections = (holder(page), await self._list(what, page.participant_id, as_of))
        return Sheet(title=TITLES[what], sections=sections)

    async def _book(self, participant_id: str, as_of: datetime) -> list[Section]:
        reads = await self._participation.of_all_kinds(participant_id, as_of)
        return [participation_section(read) for read in reads]

    async def _list(self, what: What, participant_id: str, as_of: datetime) -> Section:
        return participation_section(await self._participation.of_kind(participant_id, PARTICIPATION[what], as_of))
