"""What can have happened to a participant's visits. Types, versions and fields are stored for ever.

A visit is health data: all of it stands in one field marked `Personal`, which reads `None` once the person is
forgotten. Clear are ids and the years of the book, which name the documents a read model keeps.
"""

from typing import Annotated, ClassVar, Final

from ansinh_kit.events import OptionalPersonalText, Personal
from pydantic import BaseModel, ConfigDict

from records.domain.feeding.events import RowEvent, RowsMoved, RowsTakenOver
from records.domain.visits.visit import Visit


class KeptVisit(BaseModel):
    """A visit under the id it was recorded with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    visit_id: str
    visit: Visit


class FormerVisit(BaseModel):
    """What was said of a visit before it was corrected or withdrawn: an old file is known by it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    visit_id: str
    said: tuple[Visit, ...] = ()
    withdrawn: bool = False


class VisitEvent(RowEvent):
    """Base of all events of a participant's visits."""


class VisitRecorded(VisitEvent):
    """A facility's visit was taken in. `year` is the year of the book it belongs to."""

    event_type: ClassVar[str] = "visit_recorded"

    visit_id: str
    year: int
    visit: Annotated[Visit | None, Personal()] = None


class VisitCorrected(VisitEvent):
    """From here on `visit` stands; what stood before is read as of earlier moments, in `previous_year`."""

    event_type: ClassVar[str] = "visit_corrected"

    visit_id: str
    year: int
    previous_year: int
    visit: Annotated[Visit | None, Personal()] = None


class VisitWithdrawn(VisitEvent):
    """The visit did not take place, or is another person's: from here on it does not stand.

    `earlier_years` are those of the book in which it stood before it was corrected.
    """

    event_type: ClassVar[str] = "visit_withdrawn"

    visit_id: str
    year: int
    earlier_years: tuple[int, ...] = ()
    reason: OptionalPersonalText = None


class VisitsMoved(VisitEvent, RowsMoved):
    """The participant was found to be another one, `to`, who takes the visits over. Nothing follows here."""

    event_type: ClassVar[str] = "visits_moved"

    years: tuple[int, ...]


class VisitsTakenOver(VisitEvent, RowsTakenOver):
    """The visits of `from_participant`, a duplicate of this participant, stand here from now on.

    `former` is what stood there no more. Version 1 did not carry it.
    """

    event_type: ClassVar[str] = "visits_taken_over"
    schema_version: ClassVar[int] = 2

    years: tuple[int, ...]
    visits: Annotated[tuple[KeptVisit, ...] | None, Personal()] = None
    former: Annotated[tuple[FormerVisit, ...] | None, Personal()] = None


RecordedVisitEvent = VisitRecorded | VisitCorrected | VisitWithdrawn | VisitsMoved | VisitsTakenOver
VISIT_EVENTS: Final[tuple[type[VisitEvent], ...]] = (
    VisitRecorded,
    VisitCorrected,
    VisitWithdrawn,
    VisitsMoved,
    VisitsTakenOver,
)
