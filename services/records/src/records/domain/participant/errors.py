"""Why something cannot be done to a participant."""

from typing import ClassVar

from ansinh_kit.errors import ForbiddenError, NotFoundError, RefusedError


class ParticipantNotFoundError(NotFoundError):
    """There is no such participant, or another agency manages it: the two read alike."""

    code: ClassVar[str] = "participant_not_found"


class StaffBarredError(ForbiddenError):
    """The record is the member of staff's own, or of somebody close: a colleague has to do it (ADR-0024)."""

    code: ClassVar[str] = "staff_barred"


class StaffNotBarredError(NotFoundError):
    code: ClassVar[str] = "staff_not_barred"


class ParticipantExistsError(RefusedError):
    code: ClassVar[str] = "participant_exists"


class ParticipantMergedAwayError(RefusedError):
    """The record is closed: whatever was meant for it goes to `into`."""

    code: ClassVar[str] = "participant_merged"

    def __init__(self, into: str) -> None:
        super().__init__(f"merged into {into}")
        self.into = into


class NumberTakenError(RefusedError):
    """A number of this scope is another participant's. Whose it is, is not told."""

    code: ClassVar[str] = "number_taken"

    def __init__(self, scope: str) -> None:
        super().__init__(f"a number of {scope} is another participant's")
        self.scope = scope


class NotAMinorError(RefusedError):
    """Only a child has a guardian here: of age, or the birth date is not known."""

    code: ClassVar[str] = "not_a_minor"


class OwnGuardianError(RefusedError):
    code: ClassVar[str] = "own_guardian"


class GuardianNotAppointedError(NotFoundError):
    code: ClassVar[str] = "guardian_not_appointed"


class LinkNotHeldError(RefusedError):
    """No account of that person waits to be compared with this participant."""

    code: ClassVar[str] = "link_not_held"


class LinkNotStandingError(RefusedError):
    code: ClassVar[str] = "link_not_standing"


class SameParticipantError(RefusedError):
    """The two are one record already."""

    code: ClassVar[str] = "same_participant"


class LegalBasisNamesPersonError(RefusedError):
    """The legal basis is kept for ever: it must not say whom it concerns."""

    code: ClassVar[str] = "legal_basis_names_person"


class MergeUnderWayError(RefusedError):
    """Another record is being merged into this one: it stays open until that is done."""

    code: ClassVar[str] = "merge_under_way"
