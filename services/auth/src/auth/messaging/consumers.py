"""What auth listens to. Each event has one reaction; the kit retries, parks and keeps the order."""

from ansinh_contracts.notifications import MessageAcceptedV1
from ansinh_contracts.publications import NOTIFICATIONS, REGISTRATION
from ansinh_contracts.registration import DeclarationValidV1
from ansinh_kit.messaging.subscription import Subscription

from auth.handlers.reactions import Reactions

CONSUMER = "auth"


def subscriptions(reactions: Reactions) -> tuple[Subscription, Subscription]:
    return (
        Subscription(REGISTRATION, CONSUMER, {DeclarationValidV1: reactions.declaration_valid}),
        Subscription(NOTIFICATIONS, CONSUMER, {MessageAcceptedV1: reactions.message_accepted}),
    )
