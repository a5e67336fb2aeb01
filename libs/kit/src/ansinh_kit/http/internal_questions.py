"""A question of one service to another that every request from outside waits for: a route without FastAPI's share.

It meets the same layers and the same checks as any other: identity, the body's length, strict JSON, the caller's kind,
the question's model; and what it raises is answered alike. FastAPI took 180 µs for its part, a third of them to try
the hundred routes before the right one.
"""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ansinh_kit.http.callers import caller_of, require_kind
from ansinh_kit.http.json_bodies import content_type_of, is_json

Question = TypeVar("Question", bound=BaseModel)


def internal_question(path: str, model: type[Question], answer: Callable[[Question], Awaitable[bytes]]) -> Route:
    """Return a `POST` route for services only. Put it before all others: `app.router.routes.insert(0, route)`.

    Args:
        model: What is asked; anything else gets 422.
        answer: Returns the answer's JSON.
    """
    return Route(path, _Answering(model, answer), methods=["POST"], include_in_schema=False)


class _Answering(Generic[Question]):
    """An ASGI application, so that nothing of a framework stands between the route and the answer."""

    def __init__(self, model: type[Question], answer: Callable[[Question], Awaitable[bytes]]) -> None:
        self._model = model
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self  # FastAPI notes which route it is; the log and the metrics go by that
        require_kind(caller_of(scope), "service")
        if not is_json(content_type_of(scope)):
            raise HTTPException(415)
        answer = await self._answer(self._question(await Request(scope, receive).body()))
        await Response(answer, media_type="application/json")(scope, receive, send)

    def _question(self, body: bytes) -> Question:
        try:
            return self._model.model_validate_json(body)
        except ValidationError as error:
            broken = [{**item, "loc": ("body", *item["loc"])} for item in error.errors()]
            raise RequestValidationError(broken) from error
