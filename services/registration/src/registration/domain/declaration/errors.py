"""Why a declaration says no. Codes are public; facts carry ids, states and field names, never values."""

from collections.abc import Iterable
from typing import ClassVar

from ansinh_kit.errors import FieldViolation, InvalidFieldsError, NotFoundError, RefusedError


class DeclarationNotFoundError(NotFoundError):
    """There is none, or the caller may not know it: wrong token, or another agency's officer. All look the same."""

    code: ClassVar[str] = "declaration_not_found"


class DeclarationStateError(RefusedError):
    """Base of the refusals by state."""

    def __init__(self, status: str) -> None:
        super().__init__(f"{self.code}: the declaration is {status}")
        self.status = status


class AlreadyStartedError(DeclarationStateError):
    code: ClassVar[str] = "declaration_already_started"


class FormClosedError(DeclarationStateError):
    """Form and photos can be changed in a draft, and where they were rejected; not in between."""

    code: ClassVar[str] = "form_closed"


class AlreadySubmittedError(DeclarationStateError):
    code: ClassVar[str] = "declaration_already_submitted"


class NotRejectedError(DeclarationStateError):
    """Only a rejected declaration is sent again."""

    code: ClassVar[str] = "declaration_not_rejected"


class NotInQueueError(DeclarationStateError):
    """The declaration is not waiting for an officer."""

    code: ClassVar[str] = "declaration_not_in_queue"


class AlreadyDecidedError(DeclarationStateError):
    """A decision stands: it is made once, and cannot be withdrawn from."""

    code: ClassVar[str] = "declaration_already_decided"


class AlreadyWithdrawnError(DeclarationStateError):
    code: ClassVar[str] = "declaration_already_withdrawn"


class NotValidError(DeclarationStateError):
    """An account came for a declaration that was not found valid."""

    code: ClassVar[str] = "declaration_not_valid"


class _FieldsError(RefusedError):
    def __init__(self, fields: Iterable[str]) -> None:
        self.fields = sorted(fields)
        super().__init__(f"{self.code}: {', '.join(self.fields)}")


class PhotoQuotaError(RefusedError):
    """The declaration has had as many photos, or as many bytes of photos, as it may (LIM-23)."""

    code: ClassVar[str] = "photo_quota_used_up"

    def __init__(self, *, photos_max: int, bytes_max: int) -> None:
        super().__init__("photo quota used up")
        self.photos_max = photos_max
        self.bytes_max = bytes_max


class IncompleteDeclarationError(InvalidFieldsError):
    """`fields` are required and still empty: form fields, photos, or the pledge. Each is pointed out (S-64)."""

    code: ClassVar[str] = "declaration_incomplete"

    def __init__(self, fields: Iterable[str]) -> None:
        missing = sorted(fields)
        super().__init__([FieldViolation(field, "required") for field in missing])
        self.fields = missing


class FieldNotRejectedError(_FieldsError):
    """`fields` were accepted as they were and cannot be changed now."""

    code: ClassVar[str] = "field_not_rejected"


class NotCorrectedError(_FieldsError):
    """`fields` were rejected and still hold the rejected value."""

    code: ClassVar[str] = "rejected_field_not_corrected"


class UnknownReasonError(_FieldsError):
    """`fields` cannot be rejected, or not for the reason given."""

    code: ClassVar[str] = "unknown_reason"


class ReasonMissingError(RefusedError):
    """A rejection names at least one reason."""

    code: ClassVar[str] = "reason_missing"


class AlreadyClaimedError(RefusedError):
    """Another officer of the agency has the declaration. Told to officers of that agency only."""

    code: ClassVar[str] = "declaration_claimed_by_another"

    def __init__(self, officer_id: str) -> None:
        super().__init__("another officer has claimed the declaration")
        self.claimed_by = officer_id


class NotClaimedError(RefusedError):
    """The officer has not claimed the declaration and so can neither decide nor release it."""

    code: ClassVar[str] = "declaration_not_claimed"


class SecondOpenDeclarationError(RefusedError):
    """The person has another open declaration. Never told to a guest: the declaration is set aside (ADR-0006)."""

    code: ClassVar[str] = "second_open_declaration"

    def __init__(self, open_declaration_id: str) -> None:
        super().__init__("the person has another open declaration")
        self._open_declaration_id = open_declaration_id

    @property
    def open_declaration_id(self) -> str:
        return self._open_declaration_id
