"""What notifications reports of a code's message: handed over, delivered, held back, failed. Each may come twice."""

from datetime import datetime

from ansinh_contracts.notifications import (
    SMS_BUDGET,
    SMS_BUDGET_OF_ALL,
    MessageAcceptedV1,
    MessageDeliveredV1,
    MessageFailedV1,
    MessageHeldBackV1,
)
from ansinh_kit.clock import Clock
from ansinh_kit.messaging.incoming import IncomingEvent

from auth.storage.challenges import Challenges
from auth.storage.deliveries import Deliveries


class MessageReports:
    """Process manager: each method answers the event it is named after."""

    def __init__(self, *, challenges: Challenges, deliveries: Deliveries, clock: Clock) -> None:
        self._challenges = challenges
        self._deliveries = deliveries
        self._clock = clock

    async def message_accepted(self, incoming: IncomingEvent) -> None:
        """Let the life of the code count from its hand-over to the carrier (LIM-06)."""
        event = incoming.event
        if isinstance(event, MessageAcceptedV1) and event.challenge_id is not None:
            handed_over_at = min(event.occurred_at, self._clock.now())
            await self._challenges.note_hand_over(event.challenge_id, event.message_id, handed_over_at)

    async def message_delivered(self, incoming: IncomingEvent) -> None:
        event = incoming.event
        if isinstance(event, MessageDeliveredV1) and event.challenge_id is not None:
            await self._deliveries.note_delivered(event.challenge_id, event.message_id, event.occurred_at)

    async def message_held_back(self, incoming: IncomingEvent) -> None:
        """Say so on the code screen; if it is for a budget, promise nobody else a code that would not leave either."""
        event = incoming.event
        if isinstance(event, MessageHeldBackV1):
            await self._deliveries.note_held_back(event.challenge_id, event.message_id, event.retry_at)
            await self._close_range(event.challenge_id, event.reason, event.retry_at)

    async def message_failed(self, incoming: IncomingEvent) -> None:
        event = incoming.event
        if isinstance(event, MessageFailedV1) and event.challenge_id is not None:
            await self._deliveries.note_failed(event.challenge_id, event.message_id, event.occurred_at, event.retry_at)
            await self._close_range(event.challenge_id, event.reason, event.retry_at)

    async def _close_range(self, challenge_id: str, reason: str, until: datetime | None) -> None:
        if until is None:
            return
        if reason == SMS_BUDGET:
            await self._deliveries.close_range(challenge_id, until)
        elif reason == SMS_BUDGET_OF_ALL:
            await self._deliveries.close_all(until)
