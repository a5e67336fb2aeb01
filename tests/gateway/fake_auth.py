"""Auth as the gateway sees it, with a switch for every way in which it can fail to answer."""

import asyncio
import json
from typing import Any, Literal

from ansinh_contracts.session_check import SESSION_CHECK_PATH, hash_token
from ansinh_contracts.session_news import SESSION_NEWS_PATH
from ansinh_kit.http.assertion import AssertionVerifier
from gateway.asgi import Application, Receive, Scope, Send

Behaviour = Literal["answers", "hangs", "garbled", "empty", "fails", "redirects", "silent_on_all", "endless"]

_WRONG_ANSWERS: dict[Behaviour, tuple[int, bytes]] = {
    "garbled": (200, b'{"sessions": {"'),
    "empty": (200, b""),
    "fails": (500, b"{}"),
    "redirects": (307, b""),
    "silent_on_all": (200, b'{"sessions": {}}'),
    "endless": (200, b" " * 1_000_000 + b'{"sessions": {}}'),
}


class FakeAuth:
    """Answers the session question from a dictionary, in the way `behaviour` says; its other routes are `others`."""

    def __init__(self, verifier: AssertionVerifier, others: Application) -> None:
        self._verifier = verifier
        self._others = others
        self._verdicts: dict[str, dict[str, Any]] = {}
        self.behaviour: Behaviour = "answers"
        self.questions: list[list[str]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.uses: list[bool] = []
        self.news_questions: list[int | None] = []
        self._changed_accounts: list[str] = []
        self._has_news = asyncio.Event()

    def tells(self, account_id: str) -> None:
        """Let whoever listens know that something has changed."""
        self._changed_accounts.append(account_id)
        self._has_news.set()
        self._has_news = asyncio.Event()

    def knows(self, token: str, **verdict: Any) -> None:  # noqa: ANN401 - a verdict as JSON
        self._verdicts[hash_token(token)] = verdict

    def open_session(self, token: str, *, kind: str = "citizen", **more: Any) -> None:  # noqa: ANN401 - as JSON
        facts = {"account_id": "account-1", "person_id": "person-1", "epoch": 1, **more}
        self.knows(token, state="valid", kind=kind, **facts)

    def replace_session(self, token: str) -> None:
        self.knows(token, state="replaced", replaced_at="2026-03-02T02:05:00Z", new_device_kind="phone")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == SESSION_NEWS_PATH:
            await self._answer_news(json.loads(await _body(receive))["position"], send)
            return
        if scope["path"] != SESSION_CHECK_PATH:
            await self._others(scope, receive, send)
            return
        asked = json.loads(await _body(receive))
        question = asked["token_hashes"]
        assertion = dict(scope["headers"])[b"internal-assertion"].decode()
        assert self._verifier.verify(assertion).kind == "service"
        self.questions.append(question)
        self.uses.append(asked["counts_as_use"])
        if self.behaviour == "hangs":
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        await self.may_answer.wait()
        status, body = self._answer(question)
        await _respond(send, status, body)

    async def _answer_news(self, position: int | None, send: Send) -> None:
        self.news_questions.append(position)
        if self.behaviour != "answers":
            await _respond(send, 503, b"{}")
            return
        if position is not None and position == len(self._changed_accounts):
            await self._has_news.wait()
        accounts = [] if position is None else self._changed_accounts[position:]
        body = {"position": len(self._changed_accounts), "account_ids": accounts}
        await _respond(send, 200, json.dumps(body).encode())

    def _answer(self, question: list[str]) -> tuple[int, bytes]:
        if self.behaviour in _WRONG_ANSWERS:
            return _WRONG_ANSWERS[self.behaviour]
        verdicts = {asked: self._verdicts.get(asked, {"state": "unknown"}) for asked in question}
        return 200, json.dumps({"sessions": verdicts}).encode()


async def _respond(send: Send, status: int, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"location", b"/elsewhere")]})
    await send({"type": "http.response.body", "body": body})


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body
