"""The HTTP client towards the provider: bounded in time and size; follows nothing, keeps no cookie."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from auth.providers.port import EIdUnavailableError

_LARGEST_ANSWER_BYTES: Final = 64 * 1024
_CHUNK_BYTES: Final = 16 * 1024
_SERVER_ERROR: Final = 500
_REDIRECTS: Final = range(300, 400)


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is the JSON object that came, of whatever it says. Nothing of it is printed."""

    status: int
    body: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Answer(status={self.status})"


class BoundedHttp:
    """Asks for JSON objects. The session is opened with the first question and belongs to the running loop."""

    def __init__(self, *, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._session: aiohttp.ClientSession | None = None

    async def get(self, address: str) -> Answer:
        """Return the answer; errors as in `post`."""
        return await self._ask("GET", address, None, {})

    async def post(self, address: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Send a form and return the answer, a refusal of the request included.

        Raises:
            EIdUnavailableError: No answer, a late one, an error of the server, a redirect, or nothing that is JSON
                of bounded size.
        """
        return await self._ask("POST", address, form, headers)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _ask(
        self, method: str, address: str, form: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> Answer:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._answer(method, address, form, headers)
        except TimeoutError as error:
            raise EIdUnavailableError("late") from error
        except aiohttp.ClientError as error:
            raise EIdUnavailableError("not_reached") from error

    async def _answer(
        self, method: str, address: str, form: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> Answer:
        async with self._opened().request(method, address, data=form, headers=headers, allow_redirects=False) as answer:
            if answer.status >= _SERVER_ERROR:
                raise EIdUnavailableError("server_error")
            if answer.status in _REDIRECTS:
                raise EIdUnavailableError("redirected")
            return Answer(answer.status, _json_object(await _bounded(answer)))

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._timeout_seconds),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                trust_env=False,
            )
        return self._session


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > _LARGEST_ANSWER_BYTES:
            raise EIdUnavailableError("oversized")
    return bytes(body)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise EIdUnavailableError("garbled") from error
    if not isinstance(found, dict):
        raise EIdUnavailableError("garbled")
    return found
