"""What can have happened to the periods of a participant. Types and fields are stored for ever.

Months, employer and status lie open: totals need them. What describes the person's work and pay is personal.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

from ansinh_kit.events import DomainEvent, OptionalPersonalText, Personal
from pydantic import BaseModel, ConfigDict

from records.domain.contributions.period import Period, PeriodDetail
from records.domain.counting.rows import Status
from records.domain.kind import Kind
from records.domain.month import Month


class ContributionEvent(DomainEvent):
    subject_field: ClassVar[str | None] = "participant_id"

    participant_id: str
    occurred_at: datetime


class PeriodEvent(ContributionEvent):
    """Base of the events that say what a period is from their recording on."""

    period_id: str
    kind: Kind
    from_month: Month
    to_month: Month
    employer_code: str
    status: Status
    detail: Annotated[PeriodDetail | None, Personal()] = None

    @property
    def period(self) -> Period:
        return Period(self.kind, self.from_month, self.to_month, self.employer_code, self.status, self.detail)


class PeriodRecorded(PeriodEvent):
    """A period came in that was not on record."""

    event_type: ClassVar[str] = "period_recorded"


class PeriodCorrected(PeriodEvent):
    """The period is this from now on. What it was before stays readable as of earlier."""

    event_type: ClassVar[str] = "period_corrected"


class PeriodWithdrawn(ContributionEvent):
    """The period should never have been recorded; it is not counted from now on."""

    event_type: ClassVar[str] = "period_withdrawn"

    period_id: str
    kind: Kind
    reason: OptionalPersonalText = None


class ContributionsMoved(ContributionEvent):
    """The participant was found to be `to`, where the periods stand from now on. Nothing follows in this stream."""

    event_type: ClassVar[str] = "contributions_moved"

    to: str


class MovedPeriod(BaseModel):
    """The open part of a period that came from another participant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period_id: str
    kind: Kind
    from_month: Month
    to_month: Month
    employer_code: str
    status: Status


class ContributionsTakenOver(ContributionEvent):
    """The periods of a participant who was found to be the same person. `details` is by period id.

    What did not stand there any more comes too, so that an old file is known by it: `withdrawn` are the ids of periods
    that were ever withdrawn, `earlier` what periods said before they were corrected or withdrawn, with their details
    in the same order. `also_from` are participants who had been merged into that one: periods are named after them.
    Version 1 carried only what stood.
    """

    event_type: ClassVar[str] = "contributions_taken_over"
    schema_version: ClassVar[int] = 2

    from_participant: str
    periods: tuple[MovedPeriod, ...]
    details: Annotated[Mapping[str, PeriodDetail] | None, Personal()] = None
    also_from: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    earlier: tuple[MovedPeriod, ...] = ()
    earlier_details: Annotated[tuple[PeriodDetail | None, ...] | None, Personal()] = None

    def by_id(self) -> dict[str, Period]:
        """Return the periods taken over, by id."""
        details = self.details or {}
        return {moved.period_id: _period(moved, details.get(moved.period_id)) for moved in self.periods}

    def said_earlier(self) -> list[tuple[str, Period]]:
        """Return what periods said before, each with its id; of a forgotten person nothing."""
        if self.earlier_details is None:
            return []
        pairs = zip(self.earlier, self.earlier_details, strict=True)
        return [(moved.period_id, _period(moved, detail)) for moved, detail in pairs]


def _period(moved: MovedPeriod, detail: PeriodDetail | None) -> Period:
    return Period(
        kind=moved.kind,
        from_month=moved.from_month,
        to_month=moved.to_month,
        employer_code=moved.employer_code,
        status=moved.status,
        detail=detail,
    )


CONTRIBUTION_EVENTS: tuple[type[ContributionEvent], ...] = (
    PeriodRecorded,
    PeriodCorrected,
    PeriodWithdrawn,
    ContributionsMoved,
    ContributionsTakenOver,
)
