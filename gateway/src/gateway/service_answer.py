"""What a connection to a service reports, and how it can go wrong."""


class ServiceGoneError(Exception):
    """The connection ended, or what came over it is no answer.

    Attributes:
        nothing_came: Not one byte of an answer was seen. On a connection used before it was most likely closed by
            the service while it was idle, and the request has not been looked at.
    """

    def __init__(self, *, nothing_came: bool) -> None:
        super().__init__()
        self.nothing_came = nothing_came


class ServiceUnreachableError(Exception):
    """No connection to the service could be made in time. Nothing was sent."""
