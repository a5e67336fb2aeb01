"""Puts the session question to auth over HTTP, and believes only a complete, well-formed answer."""

from collections.abc import Callable, Mapping

import aiohttp
from ansinh_contracts.session_check import (
    SESSION_CHECK_PATH,
    SessionAnswer,
    SessionQuestion,
    SessionVerdict,
    TokenHash,
)
from ansinh_kit.errors import UnavailableError

from gateway.bounded import read_bounded

_OK = 200
_MAX_ANSWER_BYTES = 256 * 1024


class AuthClient:
    """Implements `AskAuth`. Safe to share; the HTTP session and its connections belong to the caller.

    Args:
        assertion: Returns a fresh assertion that this is the gateway speaking; auth answers nobody else.
        counts_as_use: Whether to be asked about keeps a session from ending; an open event stream does not.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        base_url: str,
        *,
        assertion: Callable[[], str],
        counts_as_use: bool = True,
    ) -> None:
        self._http = http
        self._counts_as_use = counts_as_use
        self._url = f"{base_url}{SESSION_CHECK_PATH}"
        self._assertion = assertion

    async def __call__(self, token_hashes: tuple[TokenHash, ...]) -> Mapping[TokenHash, SessionVerdict]:
        """Return auth's verdicts.

        Raises:
            UnavailableError: Auth cannot be reached, answered other than 200, too much, or what is not an answer.
        """
        question = SessionQuestion.model_construct(token_hashes=token_hashes, counts_as_use=self._counts_as_use)
        try:
            body = await self._post(question.model_dump_json().encode())
            return SessionAnswer.model_validate_json(body).sessions
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # A validation error is a ValueError, and so is an answer that is too long.
            raise UnavailableError("auth") from error

    async def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Internal-Assertion": self._assertion()}
        async with self._http.post(self._url, data=body, headers=headers, allow_redirects=False) as response:
            if response.status != _OK:
                raise UnavailableError("auth")
            return await read_bounded(response.content, _MAX_ANSWER_BYTES)
