"""Why a record stays closed to a member of staff."""

from datetime import datetime
from typing import ClassVar

from ansinh_kit.errors import ForbiddenError, NotFoundError

from records.domain.parts import Part, Scope


class RecordNotFoundError(NotFoundError):
    """There is no such record, or another agency manages it. Both look the same."""

    code: ClassVar[str] = "record_not_found"


class OpeningRequiredError(ForbiddenError):
    """Staff read under an opening, and the request names none."""

    code: ClassVar[str] = "opening_required"


class OpeningNotValidError(ForbiddenError):
    """The opening is another officer's, or of another record, or never was. All look the same."""

    code: ClassVar[str] = "opening_not_valid"


class OpeningClosedError(ForbiddenError):
    """The time of the officer's own opening is over; a new one takes a new reason."""

    code: ClassVar[str] = "opening_closed"

    def __init__(self, closed_at: datetime) -> None:
        super().__init__("the opening is over")
        self.closed_at = closed_at


class OpeningTooNarrowError(ForbiddenError):
    """The opening does not reach this part: health data is opened for itself (S-47)."""

    code: ClassVar[str] = "opening_too_narrow"

    def __init__(self, scope: Scope, part: Part) -> None:
        super().__init__(f"an opening of the {scope} does not reach the {part}")
        self.scope = scope
        self.part = part
