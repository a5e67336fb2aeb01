"""What a carrier reports later, by calling back: twice, late or out of order is all the same."""

from typing import Final

import structlog
from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata

from notifications.domain.commands import CarrierStatus, RecordCallBack
from notifications.domain.errors import MessageNotFoundError
from notifications.domain.message import message_decider, stream_of

log = structlog.get_logger(__name__)

_TWILIO_STATUSES: Final[dict[str, CarrierStatus]] = {
    "accepted": "in_transit",
    "queued": "in_transit",
    "sending": "in_transit",
    "sent": "in_transit",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
}


class CallBacks:
    def __init__(self, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def twilio_status(self, *, message_id: str, sid: str, status: str, error_code: str) -> None:
        """Record a genuine report. One about no message of ours, or in no known words, changes nothing."""
        known = _TWILIO_STATUSES.get(status)
        if known is None:
            log.warning("call_back_not_understood", message_id=message_id)
            return
        command = RecordCallBack(
            provider="twilio",
            provider_message_id=sid,
            status=known,
            reason=f"twilio_{error_code or 'unspecified'}",
            now=self._clock.now(),
        )
        try:
            await handle(
                self._store,
                stream_of(message_id),
                command,
                message_decider,
                commit_id=f"{message_id}/call-back/{sid}/{known}",
                metadata=Metadata(correlation_id=message_id, actor="twilio"),
            )
        except MessageNotFoundError:
            log.warning("call_back_about_unknown_message", message_id=message_id)
