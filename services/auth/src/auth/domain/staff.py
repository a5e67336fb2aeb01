"""A member of staff: a user name, roles, and the one agency whose work they may see. Enrolled by an operator."""

from datetime import datetime
from typing import ClassVar, Final, Literal, assert_never

from ansinh_kit.decider import Decider
from ansinh_kit.errors import RefusedError
from ansinh_kit.events import DomainEvent, PersonalText
from pydantic import BaseModel, ConfigDict

StaffRole = Literal["officer", "administrator"]
USER_NAME_PATTERN: Final = r"[A-Za-z0-9._-]{3,64}"


class StaffEnrolled(DomainEvent):
    """Somebody with a hand on the machine let this person in; the password and the second factor are not in here."""

    event_type: ClassVar[str] = "staff_enrolled"
    subject_field: ClassVar[str | None] = "staff_id"

    staff_id: str
    user_name: PersonalText
    role: StaffRole
    agency_code: str
    enrolled_at: datetime


STAFF_EVENTS: tuple[type[DomainEvent], ...] = (StaffEnrolled,)


class EnrolStaff(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    staff_id: str
    user_name: str
    role: StaffRole
    agency_code: str
    now: datetime


class Staff(BaseModel):
    model_config = ConfigDict(frozen=True)

    user_name: str | None = None


class StaffAlreadyEnrolledError(RefusedError):
    code: ClassVar[str] = "staff_already_enrolled"


def decide(command: EnrolStaff, state: Staff) -> list[StaffEnrolled]:
    match command:
        case EnrolStaff():
            if state.user_name is not None:
                raise StaffAlreadyEnrolledError
            facts = command.model_dump(exclude={"now"})
            return [StaffEnrolled(**facts, enrolled_at=command.now)]
        case _:
            assert_never(command)


def evolve(state: Staff, event: StaffEnrolled) -> Staff:
    return state.model_copy(update={"user_name": event.user_name})


STAFF: Decider[EnrolStaff, Staff, StaffEnrolled] = Decider(Staff(), decide, evolve)


def stream_of(staff_id: str) -> str:
    return f"staff-{staff_id}"
