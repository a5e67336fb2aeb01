"""Why a change of an account's access is refused."""

from typing import ClassVar

from ansinh_kit.errors import ForbiddenError, RefusedError


class NotActiveError(RefusedError):
    """The account is not activated, or locked: nobody may enter it."""

    code: ClassVar[str] = "account_not_active"


class AlreadyActiveError(RefusedError):
    code: ClassVar[str] = "account_already_active"


class NoPasswordError(RefusedError):
    """The account was never activated: there is no password to say anything of."""

    code: ClassVar[str] = "no_password"


class SavedCodeSpentError(RefusedError):
    """The saved code was used, or its list replaced, a moment ago."""

    code: ClassVar[str] = "saved_code_spent"


class SessionLiveError(RefusedError):
    """Another device is in. Told only to one who has shown the right password."""

    code: ClassVar[str] = "session_exists"


class SessionOverError(RefusedError):
    """The session in which this was asked for is not the present one any more."""

    code: ClassVar[str] = "session_over"


class SessionMovedOnError(RefusedError):
    """The session that was to be replaced is not the present one any more: another take-over won."""

    code: ClassVar[str] = "take_over_lost"


class ShownNoMoreError(RefusedError):
    """What was shown to come in counts no more: the password was changed, or the passkey removed, a moment ago."""

    code: ClassVar[str] = "shown_no_more"


class DeviceKeyNeededError(ForbiddenError):
    """The session is bound to a device key, and this takes a proof made with it."""

    code: ClassVar[str] = "device_key_needed"


class StrongerLogInNeededError(ForbiddenError):
    """What lets the holder in is changed only from a bound device, or soon after a log-in with more than a password."""

    code: ClassVar[str] = "stronger_log_in_needed"


class DeviceNotBoundError(RefusedError):
    """The device was removed meanwhile."""

    code: ClassVar[str] = "device_not_bound"


class OtherDeviceBoundError(RefusedError):
    """The session belongs to another key than the one that is to be bound."""

    code: ClassVar[str] = "other_device_bound"


class TooManyDevicesError(RefusedError):
    code: ClassVar[str] = "too_many_devices"

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most}")
        self.most = most


class PasskeyAlreadyAddedError(RefusedError):
    code: ClassVar[str] = "passkey_already_added"


class TooManyPasskeysError(RefusedError):
    code: ClassVar[str] = "too_many_passkeys"

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most}")
        self.most = most
