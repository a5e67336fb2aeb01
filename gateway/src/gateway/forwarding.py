"""Carries one request to its service and the answer back, piece by piece, at the pace of the slower side (GW-10)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from gateway.asgi import Send
from gateway.outgoing import OutgoingRequest
from gateway.patience import Patience, Timeouts
from gateway.refusals import Refusal
from gateway.request_body import ClientLeftError, RequestBody
from gateway.response_headers import public_headers
from gateway.service_answer import ServiceGoneError
from gateway.upstream import Answer, Upstream


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
            patience = Patience(timer, delivery.timeouts)
            try:
                await relay.run(upstream, patience)
            finally:
                patience.stop()
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
        self._patience: Patience | None = None

    async def run(self, upstream: Upstream, patience: Patience) -> None:
        self._patience = patience
        if not self._body.finished:
            patience.wait_for_request()
        self._body.when_finished(self._start_watch)
        try:
            content = self._body.pieces() if self._delivery.streams else await self._body.read()
            with upstream.place():
                answer = await self._first_byte(upstream, content)
                try:
                    patience.wait_for_rest()
                    await self._relay(answer)
                finally:
                    answer.release()
        finally:
            self._body.client.stop_watching(self._end_because_client_left)

    def why_it_ended(self) -> Exception:
        if self._client_left:
            return ClientLeftError()
        if self._began:
            return AnswerBrokenError()
        if not self._body.finished:
            return Refusal("request_too_slow")
        return Refusal("upstream_too_slow", retry_after_seconds=2)

    def _start_watch(self) -> None:
        """From here the service has to act and the client only waits: so watch that it does."""
        if self._patience is not None:
            self._patience.wait_for_first_byte()
        self._body.client.when_client_leaves(self._end_because_client_left)

    def _end_because_client_left(self) -> None:
        self._client_left = True
        if self._patience is not None:
            self._patience.end_now()

    async def _first_byte(self, upstream: Upstream, content: bytes | AsyncIterator[bytes]) -> Answer:
        delivery = self._delivery
        return await upstream.send(OutgoingRequest(delivery.method, delivery.target, delivery.headers, content or None))

    async def _relay(self, answer: Answer) -> None:
        await self._send_head(answer)
        more = True
        while more:
            # The end goes out with the last piece: a client that has all it was promised may ask again at once, and
            # must not find this request still under way.
            try:
                piece, more = await answer.next_piece()
            except ServiceGoneError as error:
                raise AnswerBrokenError from error
            await self._send({"type": "http.response.body", "body": piece, "more_body": more})

    async def _send_head(self, answer: Answer) -> None:
        headers = public_headers(
            answer.headers,
            request_id=self._delivery.request_id,
            authenticated=self._delivery.authenticated,
        )
        if not self._body.finished:
            headers.append((b"connection", b"close"))  # the rest of the body will not be read
        self._began = True
        await self._send({"type": "http.response.start", "status": answer.status, "headers": headers})
