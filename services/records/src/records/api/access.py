"""Who may read which record. Every reading route asks before it reads anything else."""

from typing import Annotated, Final, Protocol

from ansinh_kit.http.assertion import Caller
from fastapi import Header, Path

from records.domain.parts import Part

ME: Final = "me"

Who = Annotated[str, Path(pattern=r"^(me|[0-9a-f]{32})$")]
"""Whose record: `me`, or the id of a participant."""
OpeningId = Annotated[str | None, Header(alias="Record-Opening", pattern=r"^[0-9a-f]{32}$")]
"""The opening, with its written reason, under which a member of staff reads."""


class Access(Protocol):
    async def admit(self, caller: Caller, who: str, part: Part, opening_id: str | None) -> str:
        """Return the id of the participant whose `part` the caller may read now.

        A citizen reads `me`, a guardian the child's id, an officer a participant of the own agency under an opening;
        what a member of staff reads is in the log when this returns.

        Raises:
            UnauthenticatedError: The caller is a guest.
            ForbiddenError: The caller is known, and the record is not for this caller or not under this opening.
            NotFoundError: There is no such record, or the caller may not know that there is.
        """
        ...
