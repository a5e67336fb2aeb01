"""What happened to an account's access. One commit an epoch, in the stream `access-<account>` (ADR-0005)."""

from datetime import datetime
from typing import ClassVar

from ansinh_contracts.auth import DeviceKind, SessionEnd
from ansinh_contracts.language import Language
from ansinh_kit.events import DomainEvent, OptionalPersonalText


class _AccessEvent(DomainEvent):
    """`epoch` is that of the change this event belongs to."""

    account_id: str
    person_id: str
    epoch: int
    occurred_at: datetime


class AccountActivated(_AccessEvent):
    """The holder proved to be reachable and set the first password."""

    event_type: ClassVar[str] = "account_activated"

    declaration_id: str


class AccountLocked(_AccessEvent):
    event_type: ClassVar[str] = "account_locked"

    reason: str


class SessionOpened(_AccessEvent):
    """A device is the account's one device from now on."""

    event_type: ClassVar[str] = "session_opened"

    device_kind: DeviceKind
    idle_until: datetime
    absolute_until: datetime


class SessionRevoked(_AccessEvent):
    """The session opened in `session_epoch` is over. The contact is filled in only if its holder must be told."""

    event_type: ClassVar[str] = "session_revoked"
    subject_field: ClassVar[str | None] = "person_id"

    session_epoch: int
    reason: SessionEnd
    new_device_kind: DeviceKind | None = None
    language: Language = "vi"
    full_name: OptionalPersonalText = None
    phone: OptionalPersonalText = None
    email: OptionalPersonalText = None


AccessEvent = AccountActivated | AccountLocked | SessionOpened | SessionRevoked
ACCESS_EVENTS: tuple[type[DomainEvent], ...] = (AccountActivated, AccountLocked, SessionOpened, SessionRevoked)
