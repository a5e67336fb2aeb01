"""The server's side of a connection: uvicorn's httptools protocol, made strict where it lets too much through.

Uvicorn bounds neither the number nor the size of headers, waits for them for ever, forgets the raw request target,
adds trailers to the headers of a request that is already under way, and may write its 400 between the answers of
pipelined requests. All of that is decided here, before any application code runs (GW-02, GW-04, GW-06, LIM-24, LIM-26).

One request at a time: whatever a client sends before it has its answer is not read, and the connection ends with that
answer (RFC 9112, 9.3.2 tells clients to expect this). So no byte of a body can ever be taken for a second request.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import httptools
import structlog
from ansinh_kit.clock import RandomIds
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from gateway.answer_headers import completed
from gateway.cycle import CycleProtocol
from gateway.refusals import Refusal

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class HeadLimits:
    """LIM-24 and LIM-26 for the head of a request.

    `linger_*` bound how long a refused sender is still read from; `keep_alive_seconds` how long a connection may idle.
    """

    target_bytes: int = 4 * 1024
    header_bytes: int = 16 * 1024
    header_count: int = 64
    head_seconds: float = 10.0
    linger_seconds: float = 2.0
    linger_bytes: int = 1024 * 1024
    keep_alive_seconds: int = 15


class _PipelinedError(Exception):
    """A second request began before the first had its answer."""


class EdgeProtocol(CycleProtocol):
    """One connection. Bind it to other limits than the default ones with `edge_protocol`."""

    limits: ClassVar[HeadLimits] = HeadLimits()

    _in_head = False
    _had_request = False
    _header_count = 0
    _header_bytes = 0
    _unread_head_bytes = 0
    # Since the last byte of a head or a body: trailers, extensions of chunks, line breaks between requests.
    _idle_bytes = 0
    _lingered_bytes = 0
    _refused = False
    _timer: asyncio.TimerHandle | None = None
    _on_leaving: Callable[[], None] | None = None

    def when_client_leaves(self, callback: Callable[[], None]) -> None:
        """Call back once the client of the present request is gone; at once if it is. Takes no task to wait for it."""
        if self.cycle.disconnected:
            callback()
        else:
            self._on_leaving = callback

    def stop_watching(self, callback: Callable[[], None]) -> None:
        """Forget this callback, unless a later request has set its own."""
        if self._on_leaving == callback:  # a method is a new object each time it is named, and equal to itself
            self._on_leaving = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn itself
        super().connection_made(transport)
        self.timeout_keep_alive = self.limits.keep_alive_seconds
        self._start_timer(self.limits.head_seconds, self._head_came_too_slowly)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)
        self._tell_of_leaving()

    def data_received(self, data: bytes) -> None:
        if self._refused:
            self._linger(len(data))
            return
        head_was_open = self._in_head
        self._idle_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserInvalidMethodError:
            self._refuse(Refusal("method_not_allowed"))
        except httptools.HttpParserError as error:
            self._stop_reading_because_of(error.__context__)
        except httptools.HttpParserUpgrade:
            self._refuse(Refusal("request_invalid"))
        else:
            if self._in_head:
                self._wait_for_rest_of_head(len(data) if head_was_open else None)
            elif self._idle_bytes > self.limits.header_bytes:
                self._refuse(Refusal("headers_too_large"))

    def on_message_begin(self) -> None:
        # Only now does the connection not idle any more: line breaks between requests are no request.
        self._unset_keepalive_if_required()
        if self._request_is_under_way() and not self._answer_is_all_written():
            raise _PipelinedError
        super().on_message_begin()
        self._in_head = True
        self._header_count = self._header_bytes = self._unread_head_bytes = 0

    def on_body(self, body: bytes) -> None:
        self._idle_bytes = 0
        super().on_body(body)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.limits.target_bytes:
            raise Refusal("target_too_long")

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_head:
            return  # a trailer: it must not turn into a header of a request that was already judged
        self._header_count += 1
        self._header_bytes += len(name) + len(value) + 4
        if self._header_count > self.limits.header_count or self._header_bytes > self.limits.header_bytes:
            raise Refusal("headers_too_large")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._idle_bytes = 0
        self._stop_timer()
        if self.parser.get_method() == b"CONNECT":
            raise Refusal("method_not_allowed")
        if self.parser.should_upgrade():
            raise Refusal("request_invalid")
        if not self.url.startswith(b"/"):
            raise Refusal("target_invalid")
        self.complete_scope()
        self.begin_cycle()
        self._had_request = True

    def _wait_for_rest_of_head(self, more_of_it: int | None) -> None:
        """Bound the head in time from its first byte on, and in length from its second piece on."""
        if more_of_it is None:
            self._start_timer(self.limits.head_seconds, self._head_came_too_slowly)
        else:
            self._bound_unfinished_head(more_of_it)

    def _bound_unfinished_head(self, received: int) -> None:
        """Stop a header that never ends: httptools hands a header over only when it is complete."""
        self._unread_head_bytes += received
        if self._unread_head_bytes > self.limits.header_bytes + self.limits.target_bytes:
            self._refuse(Refusal("headers_too_large"))

    def _head_came_too_slowly(self) -> None:
        if self._in_head:
            self._refuse(Refusal("request_too_slow"))
        elif not self._had_request:
            self.transport.close()

    def _request_is_under_way(self) -> bool:
        return self._had_request and not self.cycle.response_complete

    def _answer_is_all_written(self) -> bool:
        """Whether the client has all that was promised, though the application has not said yet that this was all."""
        cycle = self.cycle
        return cycle.response_started and not cycle.chunked_encoding and cycle.expected_content_length == 0

    def _stop_reading_because_of(self, cause: BaseException | None) -> None:
        if isinstance(cause, _PipelinedError):
            self._refused = True
            self.cycle.keep_alive = False
        else:
            self._refuse(cause if isinstance(cause, Refusal) else Refusal("request_invalid"))

    def _refuse(self, refusal: Refusal) -> None:
        """Answer, unless an answer has already begun, and take nothing more from this connection."""
        self._refused = True
        request_id = RandomIds().new_id()
        log.info("request_refused", request_id=request_id, code=refusal.code, status=refusal.status)
        if self._request_is_under_way() and not self._take_answer_from_application():
            self.transport.abort()
            return
        refusal.closes = True
        body = refusal.body(request_id)
        headers = completed(refusal.response_headers(body, request_id), [])
        lines = [b"%s: %s\r\n" % header for header in headers]
        self.transport.write(b"".join([STATUS_LINE[refusal.status], *lines, b"\r\n", body]))
        self._half_close()

    def _take_answer_from_application(self) -> bool:
        """Tell the application that its client is gone. Return whether it had not begun to answer."""
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        self._tell_of_leaving()
        return not self.cycle.response_started

    def _tell_of_leaving(self) -> None:
        callback, self._on_leaving = self._on_leaving, None
        if callback is not None:
            callback()

    def _half_close(self) -> None:
        """End our side and read on for a moment: closing at once would reset what the client has not read yet."""
        self.flow.resume_reading()
        self.transport.write_eof()
        self._start_timer(self.limits.linger_seconds, self.transport.close)

    def _linger(self, received: int) -> None:
        self._lingered_bytes += received
        if self._lingered_bytes > self.limits.linger_bytes:
            self.transport.abort()

    def _start_timer(self, seconds: float, then: Callable[[], object]) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, then)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def edge_protocol(limits: HeadLimits) -> type[EdgeProtocol]:
    """Return the protocol class for a server with these limits: uvicorn takes a class, not an object."""
    return type("BoundEdgeProtocol", (EdgeProtocol,), {"limits": limits})
