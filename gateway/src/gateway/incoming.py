"""One request with its head read and checked, and who may answer it."""

from dataclasses import dataclass
from typing import Protocol

from gateway.asgi import Scope, Send
from gateway.exchange import Exchange
from gateway.head import RequestHead
from gateway.request_body import RequestBody
from gateway.routing import Route
from gateway.target import Target


@dataclass(frozen=True, slots=True)
class Incoming:
    """`address` is whose request it is, by network address."""

    exchange: Exchange
    scope: Scope
    head: RequestHead
    target: Target
    body: RequestBody
    address: str


class Destination(Protocol):
    """Answers the requests of one service's routes, after finding out who is calling."""

    async def __call__(self, incoming: Incoming, route: Route, send: Send) -> None:
        """Answer.

        Raises:
            Refusal: Nothing has been sent yet; the edge answers.
            ClientLeftError: Nobody is there to be answered.
            AnswerBrokenError: The answer ended in its middle.
        """
        ...
