"""What registration hears on the bus, and which reaction answers."""

from ansinh_contracts.auth import AccountActivatedV1, AccountOpenedV1
from ansinh_contracts.publications import AUTH, RECORDS
from ansinh_contracts.records import PersonForgottenV1
from ansinh_kit.messaging.subscription import Subscription

from registration.handlers.forgetting import Forgetting
from registration.handlers.reactions import AccountSteps


def subscriptions(steps: AccountSteps, forgetting: Forgetting) -> tuple[Subscription, ...]:
    return (
        Subscription(
            AUTH,
            consumer="registration",
            handlers={AccountOpenedV1: steps.account_opened, AccountActivatedV1: steps.account_activated},
        ),
        Subscription(RECORDS, consumer="registration", handlers={PersonForgottenV1: forgetting.person_forgotten}),
    )
