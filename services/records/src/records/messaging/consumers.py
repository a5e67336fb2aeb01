"""What records hears on the bus, and which reaction answers."""

from ansinh_contracts.publications import REGISTRATION
from ansinh_contracts.registration import DeclarationValidV1
from ansinh_kit.messaging.subscription import Subscription

from records.handlers.linking import Linking


def subscriptions(linking: Linking) -> tuple[Subscription, ...]:
    return (Subscription(REGISTRATION, consumer="records", handlers={DeclarationValidV1: linking.declaration_valid}),)
