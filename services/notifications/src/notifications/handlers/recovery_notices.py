"""A password has to be replaced, is on its way to it, or was: they hear of it on every contact (ADR-0013, SEC-41)."""

from typing import TypeVar

from ansinh_contracts.auth import (
    PasswordMarkedCompromisedV1,
    PasswordRecoveredV1,
    RecoveryApprovedV1,
    RecoveryWithdrawnV1,
    SavedCodesMadeV1,
)
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent

from notifications.domain.content import (
    Notice,
    PasswordMarkedCompromised,
    PasswordRecovered,
    RecoveryApproved,
    RecoveryWithdrawn,
    SavedCodesMade,
)
from notifications.handlers.reactions import Notifier

RecoveryEvent = (
    PasswordMarkedCompromisedV1 | PasswordRecoveredV1 | RecoveryApprovedV1 | RecoveryWithdrawnV1 | SavedCodesMadeV1
)
Fact = TypeVar("Fact", bound=RecoveryEvent)


class RecoveryNotices:
    """Process manager: each method answers the event it is named after."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    async def password_marked_compromised(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, PasswordMarkedCompromisedV1)
        notice = PasswordMarkedCompromised(reason=event.reason, happened_at=event.occurred_at)
        await self._tell(incoming, event, notice)

    async def password_recovered(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, PasswordRecoveredV1)
        await self._tell(incoming, event, PasswordRecovered(way=event.way, happened_at=event.occurred_at))

    async def recovery_approved(self, incoming: IncomingEvent) -> None:
        """Tell every contact while there is time to object: it may be the only sign of somebody else at a counter."""
        event = _fact(incoming, RecoveryApprovedV1)
        notice = RecoveryApproved(agency_code=event.agency_code, happened_at=event.occurred_at, opens_at=event.opens_at)
        await self._tell(incoming, event, notice)

    async def recovery_withdrawn(self, incoming: IncomingEvent) -> None:
        """Tell it wherever the approval was told: whoever waits for it would wait in vain, or be reassured too late."""
        event = _fact(incoming, RecoveryWithdrawnV1)
        await self._tell(incoming, event, RecoveryWithdrawn(by=event.by, happened_at=event.occurred_at))

    async def saved_codes_made(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, SavedCodesMadeV1)
        await self._tell(incoming, event, SavedCodesMade(count=event.count, happened_at=event.occurred_at))

    async def _tell(self, incoming: IncomingEvent, event: RecoveryEvent, notice: Notice) -> None:
        await self._notifier.tell_on_all_contacts(incoming, event.person_id, event.language, event.contact, notice)


def _fact(incoming: IncomingEvent, kind: type[Fact]) -> Fact:
    if not isinstance(incoming.event, kind):
        raise PermanentError("unexpected_event")
    return incoming.event
