"""What a handler is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from ansinh_kit.events import Metadata
from ansinh_kit.integration_event import IntegrationEvent


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """An integration event as it arrived, sealed fields opened.

    It may arrive more than once. Use `event_id` as the commit id of the command made from it: then a second
    delivery changes nothing. `stream_version` and `position` are the source's.
    """

    event: IntegrationEvent
    event_id: str
    stream_id: str
    stream_version: int
    position: int
    occurred_at: datetime
    correlation_id: str
    causation_id: str | None

    def metadata_for(self, service: str) -> Metadata:
        """Return what `service` records with the command it makes from this event, which is then its direct cause."""
        return Metadata(self.correlation_id, causation_id=self.event_id, actor=f"service:{service}")


Handler = Callable[[IncomingEvent], Awaitable[None]]
"""Returns when the work is durable. Raises `TransientError` to be called again, `PermanentError` to be parked.

`UnavailableError` and `ConcurrencyConflictError` count as transient, every other `DomainError` as permanent. Any
other exception is a fault of the handler: tried again like a transient one, then parked.
"""
