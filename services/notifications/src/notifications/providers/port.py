"""The port to carriers. Adapters: `TwilioSms`, `SmtpEmail`; `FailOver` puts several in a row. Source: ADR-0007."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Sms:
    """`target` is E.164. Neither target nor text shows in a representation: those end up in logs."""

    message_id: str
    target: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Email:
    message_id: str
    target: str = field(repr=False)
    recipient_name: str | None = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    provider: str
    provider_message_id: str


@dataclass(frozen=True, slots=True)
class NotProcessed:
    """The message surely had no effect: another carrier, or a later try, may take it."""

    reason: str
    retry_after_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Rejected:
    """The carrier will never take this message."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The carrier may have the message: an answer was lost, or said nothing one can rely on."""

    reason: str


SendOutcome = Accepted | NotProcessed | Rejected | Unknown


@dataclass(frozen=True, slots=True)
class NotFound:
    """The carrier answered, and does not have the message."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The carrier could not be asked, or its answer cannot be relied on."""


@dataclass(frozen=True, slots=True)
class NoTrace:
    """This kind of carrier keeps no record that could be asked."""


LookUp = Accepted | NotFound | NoAnswer | NoTrace

Parcel_contra = TypeVar("Parcel_contra", contravariant=True)


class Provider(Protocol[Parcel_contra]):
    @property
    def name(self) -> str: ...

    async def send(self, parcel: Parcel_contra) -> SendOutcome:
        """Hand the message over, within a bounded time. Every failure of the carrier is an outcome, none is raised."""
        ...

    async def look_up(self, parcel: Parcel_contra, *, since: datetime) -> LookUp:
        """Tell whether the carrier has taken this message since then."""
        ...
