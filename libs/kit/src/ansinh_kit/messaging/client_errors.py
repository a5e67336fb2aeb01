"""Keeps the AMQP client's exceptions inside this package."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aio_pika.exceptions import CONNECTION_EXCEPTIONS, ConnectionClosed

from ansinh_kit.errors import UnavailableError

CLIENT_ERRORS: Final = (*CONNECTION_EXCEPTIONS, TimeoutError)
"""What a call of the client may raise: the connection or channel is gone, or no answer came in time."""

GIVEN_UP: Final = ConnectionClosed(0, "given up by this process")
"""Passed to every `close`: without it the client ends its pending calls with a bare `Exception`."""


def cancelled_by_client() -> bool:
    """Tell whether the `CancelledError` being handled came from the client and not from whoever awaits this task.

    When a channel closes the client ends its pending calls with `CancelledError`. Taken for a real cancellation it
    would end a relay or a consumer silently.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() == 0


def ended_by_client(error: Exception) -> bool:
    """Tell whether this is the bare `Exception` with which the client ends calls when a connection is cut."""
    return type(error) is Exception


@contextmanager
def client_errors() -> Iterator[None]:
    """Turn what the client raises into `UnavailableError("rabbitmq")`; a real cancellation passes."""
    try:
        yield
    except CLIENT_ERRORS as error:
        raise UnavailableError("rabbitmq") from error
    except asyncio.CancelledError as error:
        if cancelled_by_client():
            raise UnavailableError("rabbitmq") from error
        raise
    except Exception as error:
        if ended_by_client(error):
            raise UnavailableError("rabbitmq") from error
        raise
