"""Reads an answer of another process no further than it can sensibly be long."""

import aiohttp


class TooLongError(ValueError):
    """The answer is longer than any honest one."""


async def read_bounded(stream: aiohttp.StreamReader, max_bytes: int) -> bytes:
    """Return the whole body.

    Raises:
        TooLongError: It is longer than `max_bytes`; the rest is not read.
    """
    body = bytearray()
    async for piece in stream.iter_any():
        body += piece
        if len(body) > max_bytes:
            raise TooLongError
    return bytes(body)
