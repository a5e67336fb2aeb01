"""JSON bodies are read and checked whole before any route sees them."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ansinh_kit.http.body_limits import JSON_LIMIT_BYTES, limited, refuse_declared_length
from ansinh_kit.http.problems import Problem, standard_problem
from ansinh_kit.http.rules import RuleTexts
from ansinh_kit.http.strict_json import JsonRefusedError, parse_strict_json


class StrictJsonMiddleware:
    """Answers 422 to JSON that is not strict (`parse_strict_json`); other kinds of content pass untouched."""

    def __init__(self, app: ASGIApp, *, rules: RuleTexts, limit_bytes: int = JSON_LIMIT_BYTES) -> None:
        self._app = app
        self._rules = rules
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_json(content_type_of(scope)):
            await self._app(scope, receive, send)
            return
        refuse_declared_length(scope, self._limit_bytes)
        body = await _read_all(limited(receive, self._limit_bytes))
        if body is None:
            return  # The client went away; there is nobody to answer.
        try:
            if body:
                parse_strict_json(body)
        except JsonRefusedError as error:
            await self._refusal(error).response()(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)

    def _refusal(self, error: JsonRefusedError) -> Problem:
        entry = self._rules.describe("body", error.rule, error.limits)
        return Problem(422, "malformed_body", "Malformed body", standard_problem(400).message, {"errors": [entry]})


def content_type_of(scope: Scope) -> str:
    """Return the media type in lower case without parameters; empty if the request names none."""
    for name, value in scope["headers"]:
        if name == b"content-type":
            return str(value.decode("latin-1").partition(";")[0].strip().lower())
    return ""


def is_json(media_type: str) -> bool:
    return media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json"))


async def _read_all(receive: Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
