"""What records hears on the bus, and which reaction answers."""

from ansinh_contracts.auth import ContactChangedV1
from ansinh_contracts.publications import AUTH, REGISTRATION
from ansinh_contracts.registration import DeclarationValidV1
from ansinh_kit.messaging.subscription import Subscription

from records.handlers.following import Following
from records.handlers.linking import Linking


def subscriptions(linking: Linking, following: Following) -> tuple[Subscription, ...]:
    return (
        Subscription(REGISTRATION, consumer="records", handlers={DeclarationValidV1: linking.declaration_valid}),
        Subscription(AUTH, consumer="records", handlers={ContactChangedV1: following.contact_changed}),
    )
