"""Admits citizens and guardians to what is theirs, and staff by their own rule."""

from typing import Protocol

from ansinh_kit.http.assertion import Caller, UnauthenticatedError
from ansinh_kit.http.callers import CallerNotAllowedError

from records.api.access import ME
from records.domain.parts import Part
from records.handlers.own_records import OwnRecords


class StaffAccess(Protocol):
    async def admit(self, caller: Caller, participant_id: str, part: Part, opening_id: str | None) -> str:
        """Return the participant a member of staff may read now; that it was read is in the log when this returns.

        Raises:
            ForbiddenError, NotFoundError: The record is not for this caller, or not under this opening.
        """
        ...


class RecordAccess:
    """The one `Access` of a process. A service or a guest reads no record (S-56)."""

    def __init__(self, *, own: OwnRecords, staff: StaffAccess) -> None:
        self._own = own
        self._staff = staff

    async def admit(self, caller: Caller, who: str, part: Part, opening_id: str | None) -> str:
        match caller:
            case Caller(kind="citizen", person_id=str(person_id)):
                return await (self._own.of_holder(person_id) if who == ME else self._own.named(who, person_id))
            case Caller(kind="staff") if who != ME:
                return await self._staff.admit(caller, who, part, opening_id)
            case Caller(kind="guest"):
                raise UnauthenticatedError("records are not for guests")
            case _:
                raise CallerNotAllowedError("no record of the own")
