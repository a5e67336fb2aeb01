"""What a member of staff may be, and the event that let them in before there was a roster (`staff_roster`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Final, Literal

from ansinh_kit.events import DomainEvent, PersonalText

StaffRole = Literal["officer", "supervisor", "administrator"]
USER_NAME_PATTERN: Final = r"[A-Za-z0-9._-]{3,64}"
AGENCY_PATTERN: Final = r"\d{3}(\d{2})?"
_PROVINCIAL_DIGITS: Final = 3
# A supervisor does an officer's work too. An administrator does not: who grants rights reads no citizen's record.
_ROLES_OF: Final[Mapping[StaffRole, tuple[str, ...]]] = {
    "officer": ("officer",),
    "supervisor": ("officer", "supervisor"),
    "administrator": ("administrator",),
}


class StaffEnrolled(DomainEvent):
    """Somebody with a hand on the machine let this person in. Read only: the roster tells it today."""

    event_type: ClassVar[str] = "staff_enrolled"
    subject_field: ClassVar[str | None] = "staff_id"

    staff_id: str
    user_name: PersonalText
    role: StaffRole
    agency_code: str
    enrolled_at: datetime


STAFF_EVENTS: tuple[type[DomainEvent], ...] = (StaffEnrolled,)


def roles_of(role: StaffRole) -> tuple[str, ...]:
    """Return the roles that the services are told of."""
    return _ROLES_OF[role]


def covers(agency_code: str, other: str) -> bool:
    """Say whether `other` is the agency itself, or a grassroots office (5 digits) under a provincial one (3)."""
    return agency_code == other or (len(agency_code) == _PROVINCIAL_DIGITS and other.startswith(agency_code))


def stream_of(staff_id: str) -> str:
    """Return the stream in which members enrolled before the roster have their name."""
    return f"staff-{staff_id}"
