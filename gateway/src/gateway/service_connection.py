"""One connection to a service: a request out, its answer in, each side at the pace of the slower one (GW-10)."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

from gateway.answer_reader import AnswerReader, NoAnswerError
from gateway.service_answer import ServiceGoneError


class ServiceConnection(asyncio.Protocol):
    """Carries one exchange at a time. Made by a pool, which also says when it may be used again.

    Attributes:
        answer: The present answer as far as it has come.
        used: It has carried an exchange before.
    """

    def __init__(self, *, buffer_bytes: int) -> None:
        self.answer = AnswerReader()
        self.used = False
        self._buffer_bytes = buffer_bytes
        self._transport: asyncio.Transport | None = None
        self._changed: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None
        self._reading_paused = False
        self._gone = False
        self._broken = False

    @property
    def is_gone(self) -> bool:
        return self._gone or self._transport is None or self._transport.is_closing()

    def close(self) -> None:
        """End it at once; whoever waits for it hears so."""
        if self._transport is not None:
            self._transport.abort()

    def begin(self, head: bytes) -> None:
        """Send a request's head, and its body if that is in there too."""
        self.answer.expect()
        self._write(head)

    async def send_body(self, pieces: AsyncIterator[bytes], *, chunked: bool) -> None:
        """Send a body as it comes, no faster than the service takes it.

        Raises:
            ServiceGoneError: The service closed the connection.
        """
        async for piece in pieces:
            self._write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            if self._writable is not None:
                await self._writable
        if chunked:
            self._write(b"0\r\n\r\n")

    async def wait_for_head(self) -> None:
        """Return once the answer's head has come.

        Raises:
            ServiceGoneError: The connection ended before, or something else than an answer came.
        """
        while not self.answer.status:
            await self._change()

    async def next_piece(self) -> tuple[bytes, bool]:
        """Return the next of the body, and whether more follows; an empty last piece is possible.

        Raises:
            ServiceGoneError: The answer broke off.
        """
        answer = self.answer
        while not answer.held_bytes and not answer.complete:
            await self._change()
        piece = answer.take()
        if self._reading_paused and self._transport is not None:
            self._reading_paused = False
            self._transport.resume_reading()
        return piece, not answer.complete

    # Called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=self._buffer_bytes)

    def data_received(self, data: bytes) -> None:
        try:
            self.answer.feed(data)
        except NoAnswerError:
            self._broken = True
            self.close()
        else:
            if self.answer.held_bytes > self._buffer_bytes and not self._reading_paused and self._transport:
                self._reading_paused = True
                self._transport.pause_reading()
        self._tell()

    def pause_writing(self) -> None:
        self._writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone = True
        try:
            if exc is not None and not self.answer.complete:
                self._broken = True
            elif not self._broken:
                self.answer.end()
        except NoAnswerError:
            self._broken = True
        self.resume_writing()
        self._tell()

    def _write(self, octets: bytes) -> None:
        if self._transport is None or self.is_gone:
            raise ServiceGoneError(nothing_came=not self.answer.begun)
        self._transport.write(octets)

    async def _change(self) -> None:
        if self._broken or self._gone:
            raise ServiceGoneError(nothing_came=not self.answer.begun)
        self._changed = asyncio.get_running_loop().create_future()
        await self._changed
        if self._broken:
            raise ServiceGoneError(nothing_came=not self.answer.begun)

    def _tell(self) -> None:
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)
