"""The body of a request on its way in: bounded while it is read, never trusted to be as long as it says."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from gateway.asgi import Message, Receive
from gateway.refusals import Refusal


class ClientLeftError(Exception):
    """The client closed its connection; nobody is there to read an answer."""


class Client(Protocol):
    """The connection a request came over."""

    def when_client_leaves(self, callback: Callable[[], None]) -> None: ...
    def stop_watching(self, callback: Callable[[], None]) -> None: ...


class RequestBody:
    """Reads one request's body from the server, once, either whole or piece by piece.

    Attributes:
        max_bytes: The bound while reading, whatever the head declared.
        client: Who sends it.
        finished: Whether the last byte has been read.
        failure: Why reading ended early, for those who see only that it did.
    """

    def __init__(self, receive: Receive, *, client: Client, pause_seconds: float) -> None:
        self.receive = receive
        self.client = client
        self._pause_seconds = pause_seconds
        self._read_bytes = 0
        self._on_finished: Callable[[], None] | None = None
        self.max_bytes = 0
        self.finished = False
        self.failure: Refusal | ClientLeftError | None = None

    def when_finished(self, callback: Callable[[], None]) -> None:
        """Call back once the last byte has been read; at once if it has."""
        if self.finished:
            callback()
        else:
            self._on_finished = callback

    def finish(self) -> None:
        """Note that there is nothing (more) to read."""
        self.finished = True
        callback, self._on_finished = self._on_finished, None
        if callback is not None:
            callback()

    async def read(self) -> bytes:
        """Return the whole body.

        Raises:
            Refusal: It is longer than allowed (413), or paused for too long (408).
            ClientLeftError: The client went away.
        """
        return b"" if self.finished else b"".join([piece async for piece in self.pieces()])

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes; reads no further than the taker keeps up with. Raises as `read` does."""
        while not self.finished:
            message = await self._next_message()
            piece: bytes = message.get("body", b"")
            self._read_bytes += len(piece)
            if self._read_bytes > self.max_bytes:
                raise self._failed(Refusal("body_too_large"))
            if piece:
                yield piece
            if not message.get("more_body", False):
                self.finish()

    async def wait_until_client_leaves(self) -> None:
        """Return once the client is gone. For the time after the body only: before that, reading it tells."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def discard(self, *, seconds: float, max_bytes: int) -> None:
        """Read on for a moment without keeping anything, so that closing does not reset an answer not yet read."""
        left = max_bytes
        try:
            async with asyncio.timeout(seconds):
                while left > 0 and not self.finished:
                    message = await self.receive()
                    left -= len(message.get("body", b""))
                    self.finished = not message.get("more_body", False)
        except TimeoutError:
            return

    async def _next_message(self) -> Message:
        try:
            async with asyncio.timeout(self._pause_seconds):
                message = await self.receive()
        except TimeoutError as error:
            raise self._failed(Refusal("request_too_slow")) from error
        if message["type"] == "http.disconnect":
            raise self._failed(ClientLeftError())
        return message

    def _failed(self, failure: Refusal | ClientLeftError) -> Refusal | ClientLeftError:
        self.failure = failure
        return failure
