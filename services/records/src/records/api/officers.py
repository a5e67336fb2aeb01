"""The member of staff behind a request."""

from typing import Annotated, Final

from ansinh_kit.errors import ForbiddenError
from ansinh_kit.http.assertion import Caller
from ansinh_kit.http.callers import require_staff
from fastapi import Depends

from records.domain.offices import Officer

OFFICER_ROLE: Final = "officer"


async def officer_of(caller: Annotated[Caller, Depends(require_staff(OFFICER_ROLE))]) -> Officer:
    """Return the officer the gateway vouches for.

    Raises:
        UnauthenticatedError: The caller is a guest.
        ForbiddenError: No officer, or one without an agency, who answers for no record.
    """
    if caller.account_id is None or caller.agency_code is None:
        raise ForbiddenError("an officer without an agency")
    return Officer(caller.account_id, caller.agency_code, OFFICER_ROLE)


CurrentOfficer = Annotated[Officer, Depends(officer_of)]
