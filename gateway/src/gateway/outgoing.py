"""A request as a service gets it, byte for byte."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

_REPEATABLE: Final = frozenset({"GET", "PUT", "DELETE"})
_WITHOUT_BODY: Final = frozenset({"GET", "DELETE"})


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """`body` is whole, to be streamed, or absent. Headers hold no framing but a streamed body's `Content-Length`."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | AsyncIterator[bytes] | None

    @property
    def may_be_sent_again(self) -> bool:
        """Whether a second sending changes nothing (GW-12): by its method or its key, and the body is still there."""
        repeatable = self.method in _REPEATABLE or "Idempotency-Key" in self.headers
        return repeatable and not isinstance(self.body, AsyncIterator)

    @property
    def is_chunked(self) -> bool:
        return isinstance(self.body, AsyncIterator) and "Content-Length" not in self.headers

    def head(self, host: str) -> bytes:
        """Return everything before a streamed body, or the whole request.

        Raises:
            ValueError: A header would end its line: nothing that was read as one header may become two.
        """
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += self._framing()
        text = "\r\n".join(lines)
        if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1:
            raise ValueError("a line break in a header")
        whole = self.body if isinstance(self.body, bytes) else b""
        return text.encode("latin-1") + b"\r\n\r\n" + whole

    def _framing(self) -> list[str]:
        if isinstance(self.body, bytes):
            return [f"Content-Length: {len(self.body)}"]
        if self.body is None:
            return [] if self.method in _WITHOUT_BODY else ["Content-Length: 0"]
        return ["Transfer-Encoding: chunked"] if self.is_chunked else []
