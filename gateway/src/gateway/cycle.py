"""One request and its answer on the server's side: uvicorn's, with the head of the answer written in one go.

Uvicorn searches each name and value of every answer for bytes that may not be there, and puts the head together piece
by piece: for the dozen headers an answer has here that took 20 µs. It is one search over the whole head here.
"""

import asyncio
import re
from typing import Any, Final, cast

from ansinh_kit.http.gathered_writes import GatheringProtocol
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from gateway.asgi import Headers, Scope

TARGET_EXTENSION = "ansinh.target"
CONNECTION_EXTENSION = "ansinh.connection"

# Whatever could end a line or a head early; the line breaks are counted beside it.
_FORBIDDEN: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FRAMING: Final = frozenset({b"content-length", b"transfer-encoding", b"connection"})
_WITHOUT_BODY: Final = frozenset({204, 304})


class EdgeCycle(RequestResponseCycle):
    """Names of headers that are sent are in lower case."""

    async def send(self, message: Any) -> None:  # noqa: ANN401 - uvicorn's types name every kind of message there is
        if self.response_started or message["type"] != "http.response.start" or self.disconnected:
            await super().send(message)
            return
        if self.flow.write_paused:
            await self.flow.drain()
        if not self.disconnected:
            self._start(message["status"], message["headers"])

    def _start(self, status: int, headers: Headers) -> None:
        """Write the head.

        Raises:
            ValueError: A header would end its line: nothing that was one header may become two.
        """
        self.response_started = True
        self.waiting_for_100_continue = False
        lines = [STATUS_LINE[status], *(b"%b: %b\r\n" % header for header in self.default_headers)]
        lines += [b"%b: %b\r\n" % header for header in headers]
        lines += self._framing(status, headers)
        head = b"".join(lines)
        if head.count(b"\n") != len(lines) or head.count(b"\r") != len(lines) or _FORBIDDEN.search(head):
            raise ValueError("a byte in a header that may not be there")
        self.transport.write(head + b"\r\n")

    def _framing(self, status: int, headers: Headers) -> list[bytes]:
        """Note how the body is framed and whether the connection ends with it; return the lines that say so."""
        closes = False
        for name, value in headers:
            if name not in _FRAMING:
                continue
            if name == b"connection":
                closes = closes or b"close" in [token.strip() for token in value.lower().split(b",")]
            elif name == b"content-length" and self.chunked_encoding is None:
                self.expected_content_length, self.chunked_encoding = int(value), False
            elif value.lower() == b"chunked":
                self.expected_content_length, self.chunked_encoding = 0, True
        lines = [] if self.keep_alive or closes else [b"connection: close\r\n"]
        self.keep_alive = self.keep_alive and not closes
        if self.chunked_encoding is None and self.scope["method"] != "HEAD" and status not in _WITHOUT_BODY:
            self.chunked_encoding = True
            lines.append(b"transfer-encoding: chunked\r\n")
        return lines


class CycleProtocol(GatheringProtocol):
    """Uvicorn's protocol, with cycles of ours: it makes its own in the middle of a method, so that is written anew."""

    def complete_scope(self) -> None:
        """Add what the head said. The path is as it came: whoever routes by it judges the raw target first."""
        path, _, query = self.url.partition(b"?")
        cast("Scope", self.scope).update(
            method=self.parser.get_method().decode("ascii"),
            http_version=self.parser.get_http_version(),
            path=path.decode("latin-1"),
            raw_path=path,
            query_string=query,
            extensions={TARGET_EXTENSION: {"raw": self.url}, CONNECTION_EXTENSION: {"client": self}},
        )

    def begin_cycle(self) -> None:
        """Hand the request to the application, once the one before it has ended."""
        before = cast("RequestResponseCycle | None", self.cycle)
        self.cycle = EdgeCycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=self.scope["http_version"] != "1.0" and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))
