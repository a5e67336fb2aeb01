"""Clients that send far too slowly, by the thousand: without a task for each, so that one loop bears them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from typing import cast

from ansinh_kit.cancellation import end_tasks
from devtools.servers.ports import LOOPBACK

_BETWEEN_BYTES_SECONDS = 0.25
_GROUPS = 25
_OPENED_AT_ONCE = 100


class SlowSender(asyncio.Protocol):
    """One connection; `seconds` is how long it was let be, once it is cut."""

    def __init__(self, head: bytes) -> None:
        self._head = head
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._began_at = self._loop.time()
        self.received = bytearray()
        self.seconds: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by class
        self._transport.write(self._head)

    def data_received(self, data: bytes) -> None:
        self.received += data

    def connection_lost(self, exc: Exception | None) -> None:
        del exc  # a reset is an end like another
        self.seconds = self._loop.time() - self._began_at

    @property
    def is_cut(self) -> bool:
        return self.seconds is not None

    def send_one_byte(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"x")

    def leave(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class SlowSenders:
    def __init__(self, senders: list[SlowSender]) -> None:
        self.senders = senders

    @property
    def open(self) -> int:
        return sum(not sender.is_cut for sender in self.senders)

    async def drip(self) -> None:
        """Go on byte by byte, for ever, and not all at one moment: nobody waits for the others' clocks."""
        for group in cycle(range(_GROUPS)):
            for sender in self.senders[group::_GROUPS]:
                sender.send_one_byte()
            await asyncio.sleep(_BETWEEN_BYTES_SECONDS / _GROUPS)


@asynccontextmanager
async def slow_senders(port: int, head: bytes, count: int) -> AsyncIterator[SlowSenders]:
    """Open so many connections, each with the beginning of a request that never ends."""
    loop = asyncio.get_running_loop()
    senders: list[SlowSender] = []
    try:
        while len(senders) < count:
            some = [
                loop.create_connection(lambda: SlowSender(head), LOOPBACK, port)
                for _ in range(min(_OPENED_AT_ONCE, count - len(senders)))
            ]
            senders += [sender for _, sender in await asyncio.gather(*some)]
        slow = SlowSenders(senders)
        dripping = asyncio.create_task(slow.drip())
        try:
            yield slow
        finally:
            await end_tasks([dripping])
    finally:
        for sender in senders:
            sender.leave()
