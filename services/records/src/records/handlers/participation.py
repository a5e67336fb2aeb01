"""Reading participation: the rows of a kind and what they come to, at any moment asked for."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from ansinh_kit.database import Document

from records.domain.benefits.unemployment import benefits_taken
from records.domain.contributions.errors import ContributionsErasedError, PeriodNotFoundError
from records.domain.counting.count import Count, count
from records.domain.counting.span import Span
from records.domain.counting.unemployment import UnusedMonths, unused_months
from records.domain.kind import KINDS, Kind
from records.handlers.row_history import RowHistory
from records.projections.benefits import benefits_at, tab_key
from records.projections.history import Version
from records.projections.participation import (
    StandingPeriod,
    is_erased,
    participation_key,
    standing_periods,
    versions_of,
)


@dataclass(frozen=True, slots=True)
class KindRead:
    """The rows of one kind, newest first, and their count: of exactly these rows."""

    kind: Kind
    periods: list[StandingPeriod]
    count: Count

    def within(self, months: Span) -> Count:
        """Return the count of the same rows between two months."""
        return count(self.kind, [one.period.row(one.period_id) for one in self.periods], months)


@dataclass(frozen=True, slots=True)
class PeriodRead:
    """One row as it stood, and every version recorded by then, oldest first."""

    standing: StandingPeriod
    versions: list[Version]


class ParticipationReading:
    """Reads one participant's participation. Who may ask was settled before."""

    def __init__(self, periods: RowHistory, benefits: RowHistory) -> None:
        self._periods = periods
        self._benefits = benefits

    async def of_kind(self, participant_id: str, kind: Kind, as_of: datetime | None) -> KindRead:
        """Return the rows and their count; none if nothing of the kind was recorded.

        Raises:
            ContributionsErasedError: The participant was forgotten.
            UnavailableError: The read model could not be asked; never told as "no rows" (S-35).
        """
        document = await self._document(participant_id, kind, as_of)
        periods = [] if document is None else standing_periods(document, as_of)
        return KindRead(kind, periods, count(kind, [one.period.row(one.period_id) for one in periods]))

    async def of_all_kinds(self, participant_id: str, as_of: datetime | None) -> list[KindRead]:
        """Return all four kinds, as `of_kind` does each."""
        return list(await asyncio.gather(*(self.of_kind(participant_id, kind, as_of) for kind in KINDS)))

    async def unused(self, participant_id: str, read: KindRead, as_of: datetime | None) -> UnusedMonths:
        """Return what unemployment benefits had left, by `as_of`, of the months that `read` counts.

        A benefit that was withdrawn since took none of them, whatever moment is asked about and by whom.

        Raises:
            UnavailableError: As `of_kind`.
        """
        document = await self._benefits.get(tab_key(participant_id, "unemployment"), as_of)
        taken = benefits_taken(seen.held.benefit for seen in benefits_at(document, as_of))
        return unused_months(read.count.counted_spans, taken)

    async def period(self, participant_id: str, kind: Kind, period_id: str, as_of: datetime | None) -> PeriodRead:
        """Return one row with its versions.

        Raises:
            PeriodNotFoundError: It did not stand at `as_of`.
            ContributionsErasedError, UnavailableError: As `of_kind`.
        """
        document = await self._document(participant_id, kind, as_of)
        periods = [] if document is None else standing_periods(document, as_of)
        found = next((one for one in periods if one.period_id == period_id), None)
        if document is None or found is None:
            raise PeriodNotFoundError(period_id)
        return PeriodRead(found, versions_of(document, period_id, as_of))

    async def _document(self, participant_id: str, kind: Kind, as_of: datetime | None) -> Document | None:
        document = await self._periods.get(participation_key(participant_id, kind), as_of)
        if document is not None and is_erased(document):
            raise ContributionsErasedError("the participant was forgotten")
        return document
