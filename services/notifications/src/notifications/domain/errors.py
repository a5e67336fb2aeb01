"""Why a message command is refused."""

from datetime import datetime
from typing import ClassVar

from ansinh_kit.errors import NotFoundError, RefusedError


class MessageNotFoundError(NotFoundError):
    code: ClassVar[str] = "message_not_found"


class MessageNotDueError(RefusedError):
    """The message was postponed: its next attempt is due at `retry_at`."""

    code: ClassVar[str] = "message_not_due"

    def __init__(self, retry_at: datetime) -> None:
        super().__init__(f"not before {retry_at.isoformat()}")
        self.retry_at = retry_at


class MessageLeasedError(RefusedError):
    """A worker holds the message until `leased_until`."""

    code: ClassVar[str] = "message_leased"

    def __init__(self, leased_until: datetime) -> None:
        super().__init__(f"leased until {leased_until.isoformat()}")
        self.leased_until = leased_until


class MessageNotSendableError(RefusedError):
    """The message was sent, may have been sent, or never will be: it must not be sent (again)."""

    code: ClassVar[str] = "message_not_sendable"

    def __init__(self, status: str) -> None:
        super().__init__(f"message is {status}")
        self.status = status
