"""One open event stream: it says nothing that was not checked at that moment, and ends with its session (SES-06)."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from gateway.asgi import Headers, Send
from gateway.refusals import Refusal

_HEAD: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # a proxy before us must not collect what is meant to be heard at once
]
_COME_BACK_MILLISECONDS = (500, 5_000)


class EventStream:
    """Speaks as server-sent events: `open` once, a comment as heartbeat, `session_ended` as the last.

    Args:
        session: The token's hash: what places are counted by.
        check: Returns if the session is valid now, and refuses otherwise.
    """

    def __init__(
        self, *, session: str, account_id: str, check: Callable[[], Awaitable[object]], heartbeat_seconds: float
    ) -> None:
        self.session = session
        self.account_id = account_id
        self._check = check
        self._heartbeat_seconds = heartbeat_seconds
        self._woken = asyncio.Event()
        self._ending = False

    def wake(self) -> None:
        """Look after the session now: something has happened to its account."""
        self._woken.set()

    def end(self) -> None:
        """Say that the client may come back, and stop."""
        self._ending = True
        self._woken.set()

    async def speak(self, send: Send, *, request_id: str) -> None:
        """Send until the session is over, nobody can say whether it is, or `end` is called.

        A reader that takes longer than a heartbeat to take one is given up: `TimeoutError`.
        """
        headers = [*_HEAD, (b"x-request-id", request_id.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        # Checked once more before the first word: between admission and listening the session may have ended.
        word = _event("open", b"{}", come_back=True)
        while not self._ending:
            self._woken.clear()
            last = await self._last_word(request_id)
            if last is not None:
                await send({"type": "http.response.body", "body": last})
                return
            async with asyncio.timeout(self._heartbeat_seconds):
                await send({"type": "http.response.body", "body": word, "more_body": True})
            word = b": still valid\n\n"
            await self._rest()
        await send({"type": "http.response.body", "body": _event("closing", b"{}", come_back=True)})

    async def _last_word(self, request_id: str) -> bytes | None:
        try:
            await self._check()
        except Refusal as refusal:
            if refusal.code == "session_check_unavailable":
                return _event("closing", refusal.body(request_id), come_back=True)
            return _event("session_ended", refusal.body(request_id))
        return None

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._heartbeat_seconds):
                await self._woken.wait()
        except TimeoutError:
            return


def _event(name: str, body: bytes, *, come_back: bool = False) -> bytes:
    """Return one event; whoever comes back does so after a time of its own, so that not all come at once (F-38)."""
    # S311: spread, not secrecy.
    pause = b"retry: %d\n" % random.randint(*_COME_BACK_MILLISECONDS) if come_back else b""  # noqa: S311
    return pause + b"event: " + name.encode() + b"\ndata: " + body + b"\n\n"
