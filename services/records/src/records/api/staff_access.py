"""Staff read the own agency's records under an opening, and each read is recorded before it is answered (PII-10)."""

from ansinh_kit.clock import IdGenerator
from ansinh_kit.http.assertion import Caller
from ansinh_kit.http.callers import require_staff
from ansinh_kit.http.metadata import metadata_of

from records.api.officers import OFFICER_ROLE, officer_of
from records.domain.opening.errors import OpeningRequiredError
from records.domain.parts import Part
from records.handlers.context import CommandContext
from records.handlers.openings import Openings

_require_officer = require_staff(OFFICER_ROLE)


class OpenedRecords:
    """Admits officers to what they have opened; `StaffAccess`."""

    def __init__(self, *, openings: Openings, ids: IdGenerator) -> None:
        self._openings = openings
        self._ids = ids

    async def admit(self, caller: Caller, participant_id: str, part: Part, opening_id: str | None) -> str:
        officer = await officer_of(await _require_officer(caller))
        if opening_id is None:
            raise OpeningRequiredError("staff read under an opening")
        # A new commit for every read: asked twice, it was read twice.
        context = CommandContext(self._ids.new_id(), await metadata_of(caller))
        return await self._openings.read(participant_id, officer, part=part, opening_id=opening_id, context=context)
