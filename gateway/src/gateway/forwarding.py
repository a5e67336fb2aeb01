"""Carries one request to its service and the answer back, piece by piece, at the pace of the slower side (GW-10)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import aiohttp

from gateway.asgi import Send
from gateway.patience import Patience, Timeouts
from gateway.refusals import Refusal
from gateway.request_body import ClientLeftError, RequestBody
from gateway.response_headers import public_headers
from gateway.upstream import OutgoingRequest, Upstream

_NO_BODY = frozenset({204, 304})


class AnswerBrokenError(Exception):
    """The answer ended in its middle; all that is left to do is to cut the client's connection."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request on its way to its service, and how its answer is marked.

    `streams` sends the body on as it comes; otherwise it is read whole first, so that a slow sender costs the
    service nothing and a connection found stale can be tried again.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: RequestBody
    streams: bool
    timeouts: Timeouts
    request_id: str
    authenticated: bool


async def forward(delivery: Delivery, upstream: Upstream, send: Send) -> None:
    """Send the request on and relay the answer.

    Raises:
        Refusal: No answer came: the service is full, down, broken or late, or the body was refused while it was read.
        ClientLeftError: The client went away; the service's connection is closed.
        AnswerBrokenError: The answer stopped after it had begun.
    """
    relay = _Relay(delivery, send)
    try:
        async with asyncio.timeout(None) as timer:
            await relay.run(upstream, Patience(timer, delivery.timeouts))
    except TimeoutError as error:
        reason = relay.why_it_ended()
        if isinstance(reason, Refusal) and reason.code == "upstream_too_slow":
            upstream.was_late()
        raise reason from error


class _Relay:
    def __init__(self, delivery: Delivery, send: Send) -> None:
        self._delivery = delivery
        self._body = delivery.body
        self._send = send
        self._began = False
        self._client_left = False
        self._watch: asyncio.Task[None] | None = None

    async def run(self, upstream: Upstream, patience: Patience) -> None:
        self._body.when_finished(lambda: self._start_watch(patience))
        try:
            content = self._body.pieces() if self._delivery.streams else await self._body.read()
            with upstream.place():
                response = await self._first_byte(upstream, content)
                patience.wait_for_rest()
                await self._relay_and_release(response)
        finally:
            if self._watch is not None:
                self._watch.cancel()

    def why_it_ended(self) -> Exception:
        if self._client_left:
            return ClientLeftError()
        if self._began:
            return AnswerBrokenError()
        if not self._body.finished:
            return Refusal("request_too_slow")
        return Refusal("upstream_too_slow", retry_after_seconds=2)

    def _start_watch(self, patience: Patience) -> None:
        """From here the service has to act and the client only waits: so watch that it does."""
        patience.wait_for_first_byte()
        self._watch = asyncio.create_task(self._end_when_client_leaves(patience), name="client-watch")

    async def _end_when_client_leaves(self, patience: Patience) -> None:
        await self._body.wait_until_client_leaves()
        self._client_left = True
        patience.end_now()

    async def _first_byte(self, upstream: Upstream, content: bytes | AsyncIterator[bytes]) -> aiohttp.ClientResponse:
        delivery = self._delivery
        request = OutgoingRequest(delivery.method, delivery.target, delivery.headers, content or None)
        try:
            return await upstream.send(request)
        except Refusal as refusal:
            # A body that could not be read looks like a broken connection to whoever was sending it on.
            raise (self._body.failure or refusal) from refusal

    async def _relay_and_release(self, response: aiohttp.ClientResponse) -> None:
        try:
            await self._relay(response)
        except (aiohttp.ClientError, OSError) as error:
            response.close()
            raise AnswerBrokenError from error
        except BaseException:
            response.close()
            raise
        response.release()

    async def _relay(self, response: aiohttp.ClientResponse) -> None:
        await self._send_head(response)
        content = response.content
        more = response.status not in _NO_BODY
        while more:
            piece = await content.readany()
            # The end goes out with the last piece: a client that has all it was promised may ask again at once, and
            # must not find this request still under way.
            more = not content.at_eof()
            await self._send({"type": "http.response.body", "body": piece, "more_body": more})
        if response.status in _NO_BODY:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_head(self, response: aiohttp.ClientResponse) -> None:
        headers = public_headers(
            response.raw_headers,
            request_id=self._delivery.request_id,
            authenticated=self._delivery.authenticated,
        )
        if not self._body.finished:
            headers.append((b"connection", b"close"))  # the rest of the body will not be read
        self._began = True
        await self._send({"type": "http.response.start", "status": response.status, "headers": headers})
