"""A device that talks to the gateway: keeps its own token, and says what it expected when it got something else."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from devtools.story.report import NotAsToldError

_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def etag(self) -> str:
        return self.headers["ETag"]


class Device:
    """One phone, tablet or browser. `headers` go with every request, as an app would keep them."""

    def __init__(self, http: aiohttp.ClientSession, gateway_url: str) -> None:
        self._http = http
        self._gateway_url = gateway_url
        self.headers: dict[str, str] = {}

    async def get(self, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
        return await self._call("GET", path, status=status, headers=headers)

    async def look(self, path: str) -> Answer:
        """Return whatever is answered: what is not there yet may come."""
        return await self._ask_patiently("GET", path, headers=self.headers)

    async def post(
        self, path: str, body: object = None, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Answer:
        return await self._call("POST", path, status=status, json=body, headers=headers)

    async def put(self, path: str, body: object, *, status: int = 200) -> Answer:
        return await self._call("PUT", path, status=status, json=body)

    async def put_photo(self, path: str, jpeg: bytes, *, status: int = 200) -> Answer:
        return await self._call("PUT", path, status=status, data=jpeg, headers={"Content-Type": "image/jpeg"})

    async def post_file(self, path: str, content: bytes, media_type: str, *, status: int = 202) -> Answer:
        return await self._call("POST", path, status=status, data=content, headers={"Content-Type": media_type})

    async def delete(self, path: str, *, status: int = 204) -> Answer:
        return await self._call("DELETE", path, status=status)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        status: int,
        json: object = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        merged = {**self.headers, **(headers or {})}
        answer = await self._ask_patiently(method, path, json=json, data=data, headers=merged)
        if answer.status != status:
            raise NotAsToldError(f"{method} {path}: told {status}, got {answer.status} {_shown(answer.body)}")
        return answer

    async def _ask_patiently(
        self, method: str, path: str, *, json: object = None, data: bytes | None = None, headers: Mapping[str, str]
    ) -> Answer:
        answer = await self._ask(method, path, json=json, data=data, headers=headers)
        for _ in range(_ATTEMPTS - 1):
            if not _was_not_begun(answer):
                break
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))
            answer = await self._ask(method, path, json=json, data=data, headers=headers)
        return answer

    async def _ask(
        self, method: str, path: str, *, json: object, data: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        url = f"{self._gateway_url}/api{path}"
        async with self._http.request(method, url, json=json, data=data, headers=headers) as response:
            media_type = response.headers.get("Content-Type", "")
            is_json = "json" in media_type and "ndjson" not in media_type
            body = await response.json(content_type=None) if is_json else await response.read()
            return Answer(response.status, body, response.headers.copy())


def _was_not_begun(answer: Answer) -> bool:
    """Say whether the gateway was too busy to look at the session: nothing was done, an app asks again."""
    return answer.status == HTTPStatus.SERVICE_UNAVAILABLE and answer.body["code"] == "session_check_unavailable"


def _shown(body: object) -> str:
    text = repr(body)
    return text if len(text) <= 600 else f"{text[:600]}…"  # noqa: PLR2004 - enough to see the problem
