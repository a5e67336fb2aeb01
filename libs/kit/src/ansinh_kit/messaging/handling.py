"""One try at one message: find the class, open the seal, call the handler, name what went wrong."""

import traceback
from dataclasses import dataclass

import structlog

from ansinh_kit.errors import ConcurrencyConflictError, DomainError, UnavailableError
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.messaging.envelope import Envelope, UnreadableError, open_event
from ansinh_kit.messaging.errors import PermanentError, TransientError
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.messaging.metrics import CONSUMED, HANDLING_SECONDS, RETRIED
from ansinh_kit.messaging.sealing import FieldOpener
from ansinh_kit.messaging.subscription import Subscription
from ansinh_kit.personal_data.keyring import SubjectErasedError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was not handled. `detail` is a code or a class name, never a text: texts quote values."""

    reason: str
    detail: str | None
    final: bool


class Handling:
    """Calls the handlers of one subscription and counts what comes of it."""

    def __init__(self, subscription: Subscription, opener: FieldOpener) -> None:
        self._subscription = subscription
        self._opener = opener

    async def attempt(self, envelope: Envelope) -> Failure | None:
        """Return `None` when the handler has done its work, else why not. Only a cancellation raises.

        For a person who was forgotten there is no work: nothing of them is recorded any more.
        """
        try:
            event_type = self._event_type(envelope)
            incoming = _incoming(envelope, open_event(envelope, event_type, self._opener))
            with HANDLING_SECONDS.labels(*self._labels(envelope)).time():
                await self._subscription.handlers[event_type](incoming)
        except UnreadableError as error:
            return Failure(error.reason, None, final=True)
        except PermanentError as error:
            return Failure("refused", error.code, final=True)
        except (TransientError, UnavailableError, ConcurrencyConflictError) as error:
            return Failure("gave_up", type(error).__name__, final=False)
        except SubjectErasedError:
            # The person was forgotten while the message was on its way: parked, it would keep what is to be gone.
            log.info("message_about_forgotten", event_name=envelope.name)
        except DomainError as error:
            return Failure("refused", error.code, final=True)
        except Exception as error:  # noqa: BLE001 - a fault in one handler must not stop the other streams
            log.warning("handler_failed", event_name=envelope.name, error=type(error).__name__, at=_place_of(error))
            return Failure("gave_up", type(error).__name__, final=False)
        return None

    def count(self, envelope: Envelope, outcome: str) -> None:
        CONSUMED.labels(*self._labels(envelope), outcome).inc()

    def count_retry(self, envelope: Envelope) -> None:
        RETRIED.labels(*self._labels(envelope)).inc()

    def _event_type(self, envelope: Envelope) -> type[IntegrationEvent]:
        event_type = self._subscription.find_event(envelope.name, envelope.version)
        if event_type is None:
            raise UnreadableError("unknown_version" if self._knows(envelope.name) else "unknown_event")
        return event_type

    def _knows(self, name: str) -> bool:
        return any(event.name == name for event in self._subscription.handlers)

    def _labels(self, envelope: Envelope) -> tuple[str, str, str]:
        # A stranger's name would let anyone who can publish make as many time series as they like.
        event = envelope.name if self._knows(envelope.name) else "unknown"
        return self._subscription.consumer, self._subscription.producer, event


def _incoming(envelope: Envelope, event: IntegrationEvent) -> IncomingEvent:
    return IncomingEvent(
        event=event,
        event_id=envelope.event_id,
        stream_id=envelope.stream_id,
        stream_version=envelope.stream_version,
        position=envelope.position,
        occurred_at=envelope.occurred_at,
        correlation_id=envelope.correlation_id,
        causation_id=envelope.causation_id,
    )


def _place_of(error: BaseException) -> str:
    """Return file and line of the innermost frame: enough to find the fault, and free of values."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"
