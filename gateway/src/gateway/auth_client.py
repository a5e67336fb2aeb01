"""Puts the session question to auth over HTTP, and believes only a complete, well-formed answer."""

from collections.abc import Callable, Mapping

from ansinh_contracts.session_check import (
    SESSION_CHECK_PATH,
    SessionAnswer,
    SessionQuestion,
    SessionVerdict,
    TokenHash,
)
from ansinh_kit.errors import UnavailableError

from gateway.own_requests import OwnRequests
from gateway.service_answer import ServiceGoneError, ServiceUnreachableError

_OK = 200
_MAX_ANSWER_BYTES = 256 * 1024


class AuthClient:
    """Implements `AskAuth`. Safe to share.

    Args:
        requests: Ways to auth; they belong to the caller.
        assertion: Returns a fresh assertion that this is the gateway speaking; auth answers nobody else.
        counts_as_use: Whether to be asked about keeps a session from ending; an open event stream does not.
    """

    def __init__(
        self,
        requests: OwnRequests,
        *,
        assertion: Callable[[], str],
        counts_as_use: bool = True,
    ) -> None:
        self._requests = requests
        self._counts_as_use = counts_as_use
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
        except (ServiceUnreachableError, ServiceGoneError, ValueError) as error:
            # A validation error is a ValueError, and so is an answer that is too long.
            raise UnavailableError("auth") from error

    async def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Internal-Assertion": self._assertion()}
        status, answer = await self._requests.post(SESSION_CHECK_PATH, headers, body, max_bytes=_MAX_ANSWER_BYTES)
        if status != _OK:
            raise UnavailableError("auth")
        return answer
