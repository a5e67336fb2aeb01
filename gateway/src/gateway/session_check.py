"""Asks auth about the session of every request, many requests at a time, and never remembers a yes (SES-05, SES-07)."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, Protocol

import structlog
from ansinh_contracts.session_check import (
    MAX_TOKENS_PER_QUESTION,
    SessionVerdict,
    TokenHash,
    hash_token,
)
from ansinh_kit.errors import UnavailableError

log = structlog.get_logger(__name__)

# More tokens may wait than one question holds, so that a burst of made-up tokens does not turn real sessions away.
_QUESTIONS_AHEAD: Final = 4


class AskAuth(Protocol):
    async def __call__(self, token_hashes: tuple[TokenHash, ...], /) -> Mapping[TokenHash, SessionVerdict]:
        """Return auth's verdicts.

        Raises:
            UnavailableError: No answer, or none that can be understood.
        """
        ...


@dataclass(slots=True)
class _Waiting:
    """Everyone who waits for the verdict on one token, with a future of their own: who leaves ends no other's."""

    since: float
    verdicts: list[asyncio.Future[SessionVerdict]] = field(default_factory=list)


class SessionCheck:
    """Gathers the tokens that come while a question is under way into the next ones, first come, first asked.

    A request's verdict always comes from a question that began after the request did: that is what makes a replaced
    session die at once (SES-04). Requests with the same token may share an answer, never an earlier one.

    Args:
        timeout_seconds: The longest wait for an answer, and before that the longest wait to be asked about (LIM-19).
        max_tokens: What one question holds; a few questions' worth may wait.
    """

    def __init__(self, ask: AskAuth, *, timeout_seconds: float, max_tokens: int = MAX_TOKENS_PER_QUESTION) -> None:
        self._ask = ask
        self._timeout_seconds = timeout_seconds
        self._max_tokens = max_tokens
        self._waiting: dict[TokenHash, _Waiting] = {}
        self._asking: asyncio.Task[None] | None = None
        # One for the whole life: however many probes come at once, they take one place in a question.
        self._nobodys_token = f"sit_{secrets.token_urlsafe(32)}"

    @property
    def waiting(self) -> int:
        """How many tokens wait for a question."""
        return len(self._waiting)

    async def check(self, token: str) -> SessionVerdict:
        """Return what auth says about the token at some moment after this call began.

        Raises:
            UnavailableError: Auth is down, late or not understood, or too many tokens wait.
        """
        return await self._join_next_question(hash_token(token))

    async def probe(self) -> None:
        """Ask about a token nobody has; auth that answers is auth that works. Raises as `check` does."""
        await self.check(self._nobodys_token)

    async def close(self) -> None:
        """Stop asking; requests still waiting are told that auth is unavailable."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    def _join_next_question(self, token_hash: TokenHash) -> asyncio.Future[SessionVerdict]:
        loop = asyncio.get_running_loop()
        waiting = self._waiting.get(token_hash)
        if waiting is None:
            if len(self._waiting) >= self._max_tokens * _QUESTIONS_AHEAD:
                raise UnavailableError("auth", retry_after_seconds=1)
            waiting = self._waiting[token_hash] = _Waiting(loop.time())
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_while_anyone_waits(), name="session-check")
        verdict: asyncio.Future[SessionVerdict] = loop.create_future()
        waiting.verdicts.append(verdict)
        return verdict

    def _next_question(self) -> dict[TokenHash, _Waiting]:
        """Take the tokens that came first; those that have waited for too long already are given up."""
        oldest = asyncio.get_running_loop().time() - self._timeout_seconds
        late = {token: waiting for token, waiting in self._waiting.items() if waiting.since < oldest}
        _answer(late, {})
        for token in late:
            del self._waiting[token]
        return {token: self._waiting.pop(token) for token in tuple(islice(self._waiting, self._max_tokens))}

    async def _ask_while_anyone_waits(self) -> None:
        question: dict[TokenHash, _Waiting] = {}
        try:
            while self._waiting:
                question = self._next_question()
                if question:
                    _answer(question, await self._verdicts_or_none(tuple(question)))
        finally:
            # Cancelled: those asked for and those gathered since must hear that nobody will answer them.
            _answer(question, {})
            _answer(self._waiting, {})

    async def _verdicts_or_none(self, token_hashes: tuple[TokenHash, ...]) -> Mapping[TokenHash, SessionVerdict]:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._ask(token_hashes)
        except (UnavailableError, TimeoutError) as error:
            log.warning("session_check_failed", tokens=len(token_hashes), error=type(error).__name__)
        except Exception:
            # Whatever went wrong, those who wait must hear that there is no answer instead of waiting for ever.
            log.exception("session_check_broke", tokens=len(token_hashes))
        return {}


def _answer(question: Mapping[TokenHash, _Waiting], verdicts: Mapping[TokenHash, SessionVerdict]) -> None:
    """Give everyone their verdict; a token auth said nothing about has none, and that is not a yes."""
    for token_hash, waiting in question.items():
        verdict = verdicts.get(token_hash)
        for awaited in waiting.verdicts:
            if awaited.done():
                continue  # answered before, or nobody waits for it any more
            if verdict is None:
                awaited.set_exception(UnavailableError("auth"))
            else:
                awaited.set_result(verdict)
