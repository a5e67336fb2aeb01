"""Every event this service stores, and how old ones read today."""

from typing import Final

from ansinh_kit.event_store.upcasting import Upcaster, Upcasters
from ansinh_kit.events import EventRegistry

from notifications.domain.events import (
    MessageAccepted,
    MessageClaimed,
    MessageDelivered,
    MessageFailed,
    MessageOutcomeUnknown,
    MessagePostponed,
    MessageRequested,
    SecretMessageRequested,
)

EVENTS: Final = EventRegistry.of(
    [
        MessageRequested,
        SecretMessageRequested,
        MessageClaimed,
        MessagePostponed,
        MessageOutcomeUnknown,
        MessageAccepted,
        MessageDelivered,
        MessageFailed,
    ]
)

# What postponed a message, or failed it, had no challenge and no end of its wait before.
UPCASTERS: Final = Upcasters.of((Upcaster("message_postponed", 1), Upcaster("message_failed", 1)), EVENTS)
