"""Takes a service's answers apart, strictly: exactly one answer to one request, and nothing beside it (GW-06, GW-09).

No I/O: bytes are fed in, the state is read off.
"""

from typing import Final

import httptools

from gateway.asgi import Headers

_NO_BODY: Final = frozenset({204, 304})
_SWITCHING: Final = 101
_FIRST_FINAL: Final = 200
_HEADER_BYTES: Final = 64 * 1024


class NoAnswerError(Exception):
    """These bytes are no HTTP answer, or not one that may come here."""


class AnswerReader:
    """One answer after the other; `expect` begins the next.

    Attributes:
        status: 0 until the head is complete.
        headers: As they came; names keep their case.
        pieces: Body that has come and was not taken yet, `held_bytes` long.
        complete: The last byte of the answer has come.
        reusable: After the answer the connection may carry another request.
        begun: At least one byte of it has come.
    """

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._expecting = False
        self.expect()
        self._expecting = False

    def expect(self) -> None:
        """Be ready for the answer to a request about to be sent."""
        self.status = 0
        self.headers: Headers = []
        self.pieces: list[bytes] = []
        self.held_bytes = 0
        self.complete = self.reusable = self.begun = False
        self._expecting = True
        self._header_bytes = 0
        self._framed = False

    def feed(self, octets: bytes) -> None:
        """Take what came.

        Raises:
            NoAnswerError: It is not an answer, or more than the one that is expected.
        """
        if not self._expecting:
            raise NoAnswerError
        self.begun = True
        try:
            self._parser.feed_data(octets)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self.complete:
                raise NoAnswerError from error
            self.reusable = False  # something followed the answer: it is whole, but nothing more is believed

    def end(self) -> None:
        """Note that the connection has ended: so has an answer that has no other end.

        Raises:
            NoAnswerError: The answer had not ended.
        """
        if self.complete:
            return
        if not self.status or self._framed:
            raise NoAnswerError
        self.complete = True

    def take(self) -> bytes:
        """Return the body that has come since the last call."""
        body = b"".join(self.pieces) if len(self.pieces) != 1 else self.pieces[0]
        self.pieces.clear()
        self.held_bytes = 0
        return body

    # Called by the parser; an error raised in here ends `feed_data`.

    def on_message_begin(self) -> None:
        if self.complete:
            raise NoAnswerError

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.status:
            return  # a trailer
        self._header_bytes += len(name) + len(value)
        if self._header_bytes > _HEADER_BYTES:
            raise NoAnswerError
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status == _SWITCHING:
            raise NoAnswerError
        if status < _FIRST_FINAL:
            self.headers = []  # an interim answer; the real one follows
            return
        self.status = status
        lengths = [value for name, value in self.headers if name == b"content-length"]
        self._framed = bool(lengths) or any(name == b"transfer-encoding" for name, _ in self.headers)
        if status in _NO_BODY and lengths not in ([], [b"0"]):
            # The length of a body that will not come: the parser would wait for it.
            self.complete, self._expecting = True, False

    def on_body(self, body: bytes) -> None:
        if self.complete:
            raise NoAnswerError
        self.pieces.append(body)
        self.held_bytes += len(body)

    def on_message_complete(self) -> None:
        if not self.status or self.complete:
            return
        self.complete, self._expecting = True, False
        self.reusable = self._parser.should_keep_alive()
