"""What auth hears on the bus, and which reaction answers."""

from ansinh_contracts.notifications import (
    MessageAcceptedV1,
    MessageDeliveredV1,
    MessageFailedV1,
    MessageHeldBackV1,
)
from ansinh_contracts.publications import NOTIFICATIONS, RECORDS, REGISTRATION
from ansinh_contracts.records import PersonForgottenV1
from ansinh_contracts.registration import DeclarationValidV1
from ansinh_kit.messaging.subscription import Subscription

from auth.handlers.account_opening import AccountOpening
from auth.handlers.forgetting import Forgetting
from auth.handlers.message_reports import MessageReports


def subscriptions(opening: AccountOpening, reports: MessageReports, forgetting: Forgetting) -> tuple[Subscription, ...]:
    return (
        Subscription(REGISTRATION, consumer="auth", handlers={DeclarationValidV1: opening.declaration_valid}),
        Subscription(
            NOTIFICATIONS,
            consumer="auth",
            handlers={
                MessageAcceptedV1: reports.message_accepted,
                MessageDeliveredV1: reports.message_delivered,
                MessageHeldBackV1: reports.message_held_back,
                MessageFailedV1: reports.message_failed,
            },
        ),
        Subscription(RECORDS, consumer="auth", handlers={PersonForgottenV1: forgetting.person_forgotten}),
    )
