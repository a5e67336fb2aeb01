"""What lets a person into the account was changed: they hear of it on every contact (SES-10, SEC-41)."""

from typing import TypeVar

from ansinh_contracts.auth import (
    DeviceBoundV1,
    DeviceRemovedV1,
    EIdLinkedV1,
    EIdUnlinkedV1,
    PasskeyAddedV1,
    PasskeyRemovedV1,
)
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent

from notifications.domain.content import (
    DeviceBound,
    DeviceRemoved,
    EIdLinked,
    EIdUnlinked,
    Notice,
    PasskeyAdded,
    PasskeyRemoved,
)
from notifications.handlers.reactions import Notifier

FactorEvent = DeviceBoundV1 | DeviceRemovedV1 | PasskeyAddedV1 | PasskeyRemovedV1 | EIdLinkedV1 | EIdUnlinkedV1
Fact = TypeVar("Fact", bound=FactorEvent)


class FactorNotices:
    """Process manager: each method answers the event it is named after."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    async def device_bound(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, DeviceBoundV1)
        notice = DeviceBound(device_kind=event.device_kind, happened_at=event.occurred_at)
        await self._tell(incoming, event, notice)

    async def device_removed(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, DeviceRemovedV1)
        notice = DeviceRemoved(device_kind=event.device_kind, happened_at=event.occurred_at)
        await self._tell(incoming, event, notice)

    async def passkey_added(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, PasskeyAddedV1)
        await self._tell(incoming, event, PasskeyAdded(happened_at=event.occurred_at))

    async def passkey_removed(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, PasskeyRemovedV1)
        await self._tell(incoming, event, PasskeyRemoved(happened_at=event.occurred_at))

    async def e_id_linked(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, EIdLinkedV1)
        await self._tell(incoming, event, EIdLinked(happened_at=event.occurred_at))

    async def e_id_unlinked(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, EIdUnlinkedV1)
        await self._tell(incoming, event, EIdUnlinked(happened_at=event.occurred_at))

    async def _tell(self, incoming: IncomingEvent, event: FactorEvent, notice: Notice) -> None:
        await self._notifier.tell_on_all_contacts(incoming, event.person_id, event.language, event.contact, notice)


def _fact(incoming: IncomingEvent, kind: type[Fact]) -> Fact:
    if not isinstance(incoming.event, kind):
        raise PermanentError("unexpected_event")
    return incoming.event
