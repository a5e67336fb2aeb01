"""What records hears on the bus, and which reaction answers."""

from ansinh_kit.messaging.subscription import Subscription


def subscriptions() -> tuple[Subscription, ...]:
    return ()
