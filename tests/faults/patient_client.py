"""A client that does not give up: what was not acknowledged is asked again, unchanged, until it is."""

import random
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
from devtools.story.browser import Answer

from tests.eventually import eventually
from tests.faults.ledger import Ledger

# A request must be answered while a server starts again beside a full test run on two cores.
PATIENCE_SECONDS = 120.0
# What the edge may say while something behind it is away, and what it says to whom asks too often.
_TRY_AGAIN = frozenset({429, 502, 503, 504})
_NO_ANSWER = (aiohttp.ClientError, TimeoutError, ConnectionError)


class WrongAnswerError(AssertionError):
    """Neither the answer a client may count on, nor one that asks it to try again."""


class PatientClient:
    """Talks to the gateway under one set of headers. Every try is counted in the ledger."""

    def __init__(self, http: aiohttp.ClientSession, gateway_url: str, ledger: Ledger) -> None:
        self._http = http
        self._gateway_url = gateway_url
        self._ledger = ledger
        self.headers: dict[str, str] = {}

    async def post(self, path: str, body: object = None, *, headers: Mapping[str, str] | None = None) -> Answer:
        return await self._until_acknowledged("POST", path, headers or {}, json=body)

    async def put(self, path: str, body: object) -> Answer:
        return await self._until_acknowledged("PUT", path, {}, json=body)

    async def put_photo(self, path: str, jpeg: bytes) -> Answer:
        return await self._until_acknowledged("PUT", path, {"Content-Type": "image/jpeg"}, data=jpeg)

    async def _until_acknowledged(self, method: str, path: str, headers: Mapping[str, str], **body: object) -> Answer:
        pause = Pause()

        async def acknowledged() -> Answer | None:
            return await self._try(method, path, headers, **body) if pause.over() else None

        answer = await eventually(acknowledged, PATIENCE_SECONDS, says=f"an answer to {method} {path}")
        assert answer is not None
        return answer

    async def _try(self, method: str, path: str, headers: Mapping[str, str], **body: Any) -> Answer | None:  # noqa: ANN401 - handed on to aiohttp
        self._ledger.requests += 1
        url = f"{self._gateway_url}/api{path}"
        try:
            async with self._http.request(method, url, headers={**self.headers, **headers}, **body) as response:
                content = await response.json(content_type=None)
        except _NO_ANSWER as error:
            self._ledger.repeats[type(error).__name__] += 1
            return None
        if response.status in _TRY_AGAIN and "code" in content:
            self._ledger.repeats[f"{response.status} {content['code']}"] += 1
            return None
        if not response.ok:
            self._ledger.wrong.append(f"{method} {path}: {response.status} {content}")
            raise WrongAnswerError(self._ledger.wrong[-1])
        return Answer(response.status, content, response.headers.copy())


class Pause:
    """Holds tries apart: at once, then after longer and longer, scattered so that clients do not march in step."""

    def __init__(self) -> None:
        self._next = 0.0
        self._seconds = 0.1

    def over(self) -> bool:
        """Say whether the next try is due; if so, the one after it is planned."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._seconds * random.uniform(0.5, 1.5)  # noqa: S311 - scatter
        self._seconds = min(self._seconds * 2, 1.0)
        return True
