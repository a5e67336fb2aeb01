"""Why a change of an account's access is refused."""

from typing import ClassVar

from ansinh_kit.errors import RefusedError


class NotActiveError(RefusedError):
    """The account is not activated, or locked: nobody may enter it."""

    code: ClassVar[str] = "account_not_active"


class AlreadyActiveError(RefusedError):
    code: ClassVar[str] = "account_already_active"


class SavedCodeSpentError(RefusedError):
    """The saved code was used, or its list replaced, a moment ago."""

    code: ClassVar[str] = "saved_code_spent"


class SessionLiveError(RefusedError):
    """Another device is in. Told only to one who has shown the right password."""

    code: ClassVar[str] = "session_exists"


class SessionMovedOnError(RefusedError):
    """The session that was to be replaced is not the present one any more: another take-over won."""

    code: ClassVar[str] = "take_over_lost"
