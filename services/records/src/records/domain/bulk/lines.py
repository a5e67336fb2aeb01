"""Bytes into lines, whatever their size: a line without end costs no more memory than the longest line allowed."""

from collections.abc import Iterator
from typing import Final, NamedTuple

LINE_BYTES: Final = 64 * 1024
_NEW_LINE: Final = b"\n"


class Line(NamedTuple):
    """A line as it stands in the file, counted from 1, without its end; `content` is `None` if it was too long."""

    number: int
    content: bytes | None


class LineSplitter:
    """Feed it blocks of any size, then `finish` it. Lines end with LF or CRLF; the last one may have no end."""

    def __init__(self, *, limit_bytes: int = LINE_BYTES) -> None:
        self._limit = limit_bytes
        self._rest = b""
        self._number = 0
        self._too_long = False

    def feed(self, block: bytes) -> Iterator[Line]:
        """Yield the lines that are complete by now. Take them all before the next block is fed."""
        *complete, self._rest = (self._rest + block).split(_NEW_LINE)
        for content in complete:
            yield self._line(content)
        if len(self._rest) > self._limit:
            # What follows belongs to the same line: only that it is too long has to be remembered.
            self._too_long, self._rest = True, b""

    def finish(self) -> Iterator[Line]:
        """Yield the last line, unless the file ended with the end of a line."""
        if self._rest or self._too_long:
            yield self._line(self._rest)

    def _line(self, content: bytes) -> Line:
        self._number += 1
        too_long, self._too_long = self._too_long, False
        content = content.removesuffix(b"\r")
        return Line(self._number, None if too_long or len(content) > self._limit else content)
