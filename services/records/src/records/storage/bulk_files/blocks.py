"""Files as blocks of bytes, packed or not."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

from records.domain.bulk.refusals import FileRefusedError, Refusal
from records.domain.bulk.rules import DAMAGED_GZIP, UNPACKED_TOO_LARGE

BLOCK_BYTES: Final = 256 * 1024
_GZIP: Final = b"\x1f\x8b"
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
UNPACKED_LIMIT_BYTES: Final = 16 * 1024**3
# Block-wise packers write a member for each 64 KiB; one that holds next to nothing costs more time than it is long.
_MEMBERS_MAX: Final = 100_000


async def blocks_of(path: Path) -> AsyncIterator[bytes]:
    """Yield the blocks of a file on this machine."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while block := await asyncio.to_thread(file.read, BLOCK_BYTES):
            yield block


async def unpacked(blocks: AsyncIterator[bytes], *, limit_bytes: int = UNPACKED_LIMIT_BYTES) -> AsyncIterator[bytes]:
    """Yield the content, unpacked if the file begins as gzip does, in blocks of bounded size.

    Raises:
        FileRefusedError: The packed file is damaged, cut off or in too many pieces, or holds more than `limit_bytes`.
    """
    unpacking: _Unpacking | None = None
    first = True
    async for block in blocks:
        if first:
            first = False
            unpacking = _Unpacking(limit_bytes) if block.startswith(_GZIP) else None
        if unpacking is None:
            yield block
            continue
        for content in unpacking.feed(block):
            yield content
            # A megabyte of zeros comes packed as a kilobyte: others get their turn in between.
            await asyncio.sleep(0)
    if unpacking is not None:
        unpacking.finish()


class _Unpacking:
    """The members of a gzip file, one after another."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._member = zlib.decompressobj(_GZIP_WINDOW)
        self._members = 1
        self._total = 0

    def feed(self, block: bytes) -> Iterator[bytes]:
        while block:
            if self._member.eof:
                self._next_member()
            yield self._unpacked(block)
            block = self._member.unused_data or self._member.unconsumed_tail

    def _next_member(self) -> None:
        self._members += 1
        if self._members > _MEMBERS_MAX:
            raise FileRefusedError(Refusal(1, DAMAGED_GZIP))
        self._member = zlib.decompressobj(_GZIP_WINDOW)

    def _unpacked(self, block: bytes) -> bytes:
        try:
            content = self._member.decompress(block, BLOCK_BYTES)
        except zlib.error as error:
            raise FileRefusedError(Refusal(1, DAMAGED_GZIP)) from error
        self._total += len(content)
        if self._total > self._limit:
            raise FileRefusedError(Refusal(1, UNPACKED_TOO_LARGE))
        return content

    def finish(self) -> None:
        if not self._member.eof:
            raise FileRefusedError(Refusal(1, DAMAGED_GZIP))
