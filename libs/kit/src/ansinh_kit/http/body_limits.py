"""No body is read past its limit, declared or not: 413 as soon as it is known (LIM-24)."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ansinh_kit.http.problems import standard_problem

JSON_LIMIT_BYTES: Final = 256 * 1024
UPLOAD_LIMIT_BYTES: Final = 26 * 1024 * 1024
# The rest of an oversized body is not read, so the connection cannot serve another request.
_CLOSE: Final = {"Connection": "close"}


class BodyTooLargeError(HTTPException):
    """Raised where the body is read; an HTTPException, because FastAPI turns any other into 400."""

    def __init__(self) -> None:
        super().__init__(status_code=413, headers=dict(_CLOSE))


class BodyLimitMiddleware:
    """Refuses bodies of more than `limit_bytes`: by their Content-Length before, else while they come in."""

    def __init__(self, app: ASGIApp, *, limit_bytes: int = UPLOAD_LIMIT_BYTES) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            refuse_declared_length(scope, self._limit_bytes)
            await self._app(scope, limited(receive, self._limit_bytes), watched_send)
        except BodyTooLargeError:
            if started:
                raise
            await standard_problem(413, headers=_CLOSE).response()(scope, receive, send)


def refuse_declared_length(scope: Scope, limit_bytes: int) -> None:
    """Raise `BodyTooLargeError` if Content-Length says more than the limit; a length that is no number is ignored.

    The server has refused ambiguous lengths before (GW-06); what really comes is counted in any case.
    """
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > limit_bytes:
            raise BodyTooLargeError


def limited(receive: Receive, limit_bytes: int) -> Receive:
    """Return `receive`, raising `BodyTooLargeError` with the first chunk that goes past the limit."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit_bytes:
            raise BodyTooLargeError
        return message

    return counted


async def read_body(request: Request, *, limit_bytes: int) -> bytes:
    """Return the whole body of a route with a limit of its own, such as one photo.

    Raises:
        BodyTooLargeError: It has more bytes; the rest was not read.
    """
    refuse_declared_length(request.scope, limit_bytes)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit_bytes:
            raise BodyTooLargeError
    return bytes(body)
