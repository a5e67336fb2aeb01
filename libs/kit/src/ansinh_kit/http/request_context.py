"""The one request being answered: its id and trace, bound to every log line until the answer is out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

import structlog

_SAFE_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT: Final = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`request_id` was made by the gateway or here, never taken from a client (GW-14)."""

    request_id: str
    traceparent: str | None = None


_current: ContextVar[RequestContext | None] = ContextVar("request_context", default=None)


def current_request() -> RequestContext | None:
    """Return the request being answered; `None` outside of one."""
    return _current.get()


def current_request_id() -> str | None:
    context = _current.get()
    return None if context is None else context.request_id


@contextmanager
def bound(context: RequestContext) -> Iterator[None]:
    """Make `context` the current request; log lines within carry its id and trace."""
    token = _current.set(context)
    try:
        with structlog.contextvars.bound_contextvars(request_id=context.request_id, traceparent=context.traceparent):
            yield
    finally:
        _current.reset(token)


def is_safe_id(text: str) -> bool:
    """Say whether `text` can stand in a log line and a header: 1 to 64 letters, digits, dots, dashes, underscores."""
    return _SAFE_ID.fullmatch(text) is not None


def safe_traceparent(text: str | None) -> str | None:
    """Return a W3C trace context of version 00; anything else is dropped."""
    return text if text is not None and _TRACEPARENT.fullmatch(text) else None
