"""A file cut into chunks of lines: the unit in which an import goes on, and goes on again after a crash."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ansinh_kit.batches import batches

from records.domain.bulk.columns import Columns, Values
from records.domain.bulk.lines import Line, LineSplitter
from records.domain.bulk.reader import RowReader
from records.domain.bulk.refusals import FileRefusedError, Refusal
from records.domain.bulk.rules import UNPACKED_TOO_LARGE
from records.storage.bulk_files.blocks import UNPACKED_LIMIT_BYTES, unpacked

CHUNK_LINES: Final = 2_000
# Between so many lines others get their turn: answers of the database are waiting while lines are checked.
_LINES_IN_A_ROW: Final = 250


class ReadRow(NamedTuple):
    """A row whose every cell is sound."""

    line: int
    values: Values


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines `number * CHUNK_LINES` and on: always the same lines of the same file."""

    number: int
    rows: list[ReadRow] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def add(self, line: int, answer: Values | list[Refusal] | None) -> None:
        if isinstance(answer, list):
            self.refusals.extend(answer)
        elif answer is not None:
            self.rows.append(ReadRow(line, answer))


@dataclass(frozen=True, slots=True)
class Inspected:
    """What one reading of a file without its rows tells: the SHA-256 of its bytes, packed or not, and its length."""

    digest: str
    lines: int


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How large a file may be once it is unpacked."""

    bytes: int = UNPACKED_LIMIT_BYTES
    lines: int | None = None


ANY_FILE: Final = FileLimits()


async def inspect(blocks: AsyncIterator[bytes], columns: Columns, limits: FileLimits = ANY_FILE) -> Inspected:
    """Read the whole file once before anything is recorded of it.

    Raises:
        FileRefusedError: It cannot be unpacked to its end, its first line is no header and no row of this kind, or it
            is larger than `limits`.
    """
    digest = hashlib.sha256()
    reader, lines = RowReader(columns), 0

    async def hashed() -> AsyncIterator[bytes]:
        async for block in blocks:
            digest.update(block)
            yield block

    async for several in _lines_of(hashed(), limits.bytes):
        lines = several[-1].number
        if limits.lines is not None and lines > limits.lines:
            raise FileRefusedError(Refusal(limits.lines + 1, UNPACKED_TOO_LARGE))
        for line in several:
            if reader.begun:
                break
            reader.read(line)
    reader.finish()
    return Inspected(digest.hexdigest(), lines)


async def chunks_of(
    blocks: AsyncIterator[bytes], columns: Columns, *, skip: int, chunk_lines: int = CHUNK_LINES
) -> AsyncIterator[Chunk]:
    """Yield the chunks of a file from number `skip` on; of those before only the header is read.

    Raises:
        FileRefusedError: As `inspect`: the file is not the one that was inspected.
    """
    reader, chunk = RowReader(columns), Chunk(skip)
    async for several in _lines_of(blocks):
        for line in several:
            number = (line.number - 1) // chunk_lines
            if number < skip:
                if not reader.begun:
                    reader.read(line)
                continue
            if number > chunk.number:
                yield chunk
                chunk = Chunk(number)
            chunk.add(line.number, reader.read(line))
    reader.finish()
    yield chunk


async def _lines_of(blocks: AsyncIterator[bytes], limit_bytes: int = UNPACKED_LIMIT_BYTES) -> AsyncIterator[list[Line]]:
    """Yield the lines in their order, several at a time; in between others get their turn."""
    splitter = LineSplitter()
    async for block in unpacked(blocks, limit_bytes=limit_bytes):
        for several in batches(splitter.feed(block), _LINES_IN_A_ROW):
            yield several
            await asyncio.sleep(0)
    for several in batches(splitter.finish(), _LINES_IN_A_ROW):
        yield several
