"""Who of the staff looked at a declaration: a stream of its own beside the declaration's.

Beside it, because a look must not change the version an officer's decision is made on (`If-Match`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Literal, assert_never

from ansinh_kit.decider import Decider
from ansinh_kit.events import DomainEvent, EventRegistry

from registration.domain.declaration.commands import Officer
from registration.domain.photos import PhotoKind

# A fixed list and not free text: purposes stand in URLs and logs, where nothing personal may stand.
Purpose = Literal["compare_with_form", "check_identity", "answer_complaint", "audit"]


class AccessEvent(DomainEvent):
    declaration_id: str
    person_id: str
    officer_id: str
    agency_code: str
    occurred_at: datetime


class DeclarationReadByOfficer(AccessEvent):
    """An officer was shown the form and the reasons."""

    event_type: ClassVar[str] = "declaration_read_by_officer"


class PhotoViewedByOfficer(AccessEvent):
    """An officer was shown a photo."""

    event_type: ClassVar[str] = "photo_viewed_by_officer"

    kind: PhotoKind
    file_id: str
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReading:
    declaration_id: str
    person_id: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPhotoView:
    declaration_id: str
    person_id: str
    officer: Officer
    kind: PhotoKind
    file_id: str
    purpose: Purpose
    at: datetime


AccessCommand = RecordReading | RecordPhotoView
RecordedAccess = DeclarationReadByOfficer | PhotoViewedByOfficer


@dataclass(frozen=True, slots=True)
class NoState:
    """Every look is recorded, whatever came before."""


def decide(command: AccessCommand, state: NoState) -> Sequence[RecordedAccess]:
    del state
    match command:
        case RecordReading():
            return [
                DeclarationReadByOfficer(
                    declaration_id=command.declaration_id,
                    person_id=command.person_id,
                    officer_id=command.officer.officer_id,
                    agency_code=command.officer.agency_code,
                    occurred_at=command.at,
                )
            ]
        case RecordPhotoView():
            return [
                PhotoViewedByOfficer(
                    declaration_id=command.declaration_id,
                    person_id=command.person_id,
                    officer_id=command.officer.officer_id,
                    agency_code=command.officer.agency_code,
                    occurred_at=command.at,
                    kind=command.kind,
                    file_id=command.file_id,
                    purpose=command.purpose,
                )
            ]
        case _:
            assert_never(command)


def evolve(state: NoState, event: RecordedAccess) -> NoState:
    del event
    return state


ACCESS_EVENTS: Final = (DeclarationReadByOfficer, PhotoViewedByOfficer)
access_decider: Decider[AccessCommand, NoState, RecordedAccess] = Decider(
    initial=NoState(), decide=decide, evolve=evolve
)
access_events = EventRegistry.of(ACCESS_EVENTS)
