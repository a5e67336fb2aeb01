"""Reads server-sent events as a browser does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.gateway.conftest import Edges

EVENTS = "/api/news/v1/events"


class EventReader:
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def next(self) -> tuple[str, dict[str, Any]]:
        """Return the next event; a heartbeat is one named `heartbeat`."""
        name, data = "heartbeat", "{}"
        async with asyncio.timeout(5):
            while line := (await self.response.content.readline()).decode().rstrip("\n"):
                field, _, value = line.partition(": ")
                name = value if field == "event" else name
                data = value if field == "data" else data
        return name, json.loads(data)

    async def ended(self) -> bool:
        """Return once the gateway has ended the stream."""
        async with asyncio.timeout(5):
            return await self.response.content.read() == b""


@asynccontextmanager
async def following(edges: Edges, token: str) -> AsyncIterator[EventReader]:
    """Open a stream and read its first word."""
    async with edges.http.get(edges.url(EVENTS), headers={"Authorization": f"Bearer {token}"}) as response:
        assert response.status == 200, await response.text()
        reader = EventReader(response)
        assert (await reader.next())[0] == "open"
        yield reader
