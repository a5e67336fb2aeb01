"""Hears from auth whose access has changed: one question at a time, answered when there is news (ADR-0015)."""

from collections.abc import Callable

import aiohttp
from ansinh_contracts.session_news import LONGEST_WAIT_SECONDS, SESSION_NEWS_PATH, NewsAnswer, NewsQuestion
from ansinh_kit.errors import UnavailableError

from gateway.bounded import read_bounded

_OK = 200
_MAX_ANSWER_BYTES = 1024 * 1024
_GRACE_SECONDS = 5.0


class NewsClient:
    """Asks auth. The HTTP session belongs to the caller.

    Args:
        assertion: Returns a fresh assertion that this is the gateway speaking.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        base_url: str,
        *,
        assertion: Callable[[], str],
        wait_seconds: float = LONGEST_WAIT_SECONDS,
    ) -> None:
        self._http = http
        self._url = f"{base_url}{SESSION_NEWS_PATH}"
        self._assertion = assertion
        self._wait_seconds = wait_seconds
        self._timeout = aiohttp.ClientTimeout(total=wait_seconds + _GRACE_SECONDS)

    async def __call__(self, position: int | None) -> NewsAnswer:
        """Return what changed after `position`, as soon as something has or after the longest wait.

        Raises:
            UnavailableError: Auth cannot be reached, is late, or said what is not an answer.
        """
        question = NewsQuestion(position=position, wait_seconds=self._wait_seconds)
        try:
            return NewsAnswer.model_validate_json(await self._post(question.model_dump_json().encode()))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise UnavailableError("auth") from error

    async def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Internal-Assertion": self._assertion()}
        async with self._http.post(
            self._url, data=body, headers=headers, allow_redirects=False, timeout=self._timeout
        ) as response:
            if response.status != _OK:
                raise UnavailableError("auth")
            return await read_bounded(response.content, _MAX_ANSWER_BYTES)
