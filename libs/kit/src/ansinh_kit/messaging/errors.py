"""What a handler raises to say what becomes of the message, and what publishing can fail with."""


class TransientError(Exception):
    """The handler could not do its work now and may be able to later: the message is tried again with back-off."""


class PermanentError(Exception):
    """Trying again cannot help: the message is parked at once.

    `code` is stored with the parked message and shown to operators: a stable word, never a personal value.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotPublishedError(Exception):
    """The broker did not confirm: the message may or may not stand in a queue. Publishing it again is safe."""

    outcome = "unconfirmed"


class UnroutableError(NotPublishedError):
    """The broker gave the message back: no queue is bound to its routing key."""

    outcome = "returned"

    def __init__(self, routing_key: str) -> None:
        super().__init__(f"no queue for {routing_key}")
        self.routing_key = routing_key


class SubscriptionError(Exception):
    """A subscription and its publication do not agree; raised when the service is put together."""
