"""Requests for the gateway's own event stream: admitted like any other, then kept open and watched."""

import asyncio
from functools import partial

from ansinh_contracts.session_check import hash_token

from gateway.asgi import Send
from gateway.credentials import find_credential
from gateway.event_stream import EventStream
from gateway.event_streams import EventStreams
from gateway.forwarding import AnswerBrokenError
from gateway.gate import Gate, valid_session
from gateway.incoming import Incoming
from gateway.request_body import ClientLeftError, RequestBody
from gateway.routing import Route
from gateway.session_check import SessionCheck


class ToEventStream:
    """Implements `Destination`.

    Args:
        sessions: Asks in a way that does not count as use: a page left open must not keep its session alive (LIM-16).
        gate: Admits by the same question.
    """

    def __init__(self, streams: EventStreams, *, gate: Gate, sessions: SessionCheck, heartbeat_seconds: float) -> None:
        self._streams = streams
        self._gate = gate
        self._sessions = sessions
        self._heartbeat_seconds = heartbeat_seconds

    async def __call__(self, incoming: Incoming, route: Route, send: Send) -> None:
        exchange = incoming.exchange
        caller = await self._gate.admit(route, incoming.head, address=incoming.address, request_id=exchange.request_id)
        exchange.caller_kind = caller.kind
        token = find_credential(incoming.head).token
        stream = EventStream(
            session=hash_token(token),
            account_id=caller.account_id or "",
            check=partial(valid_session, self._sessions, token),
            heartbeat_seconds=self._heartbeat_seconds,
        )
        with self._streams.place(stream):
            await _speak_until_client_leaves(stream, incoming.body, send, request_id=exchange.request_id)


async def _speak_until_client_leaves(stream: EventStream, body: RequestBody, send: Send, *, request_id: str) -> None:
    speaking = asyncio.create_task(stream.speak(send, request_id=request_id), name="event-stream")
    leaving = asyncio.create_task(body.wait_until_client_leaves(), name="client-watch")
    try:
        await asyncio.wait((speaking, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not speaking.done():
            raise ClientLeftError
        await speaking
    except TimeoutError as error:
        raise AnswerBrokenError from error
    finally:
        speaking.cancel()
        leaving.cancel()
