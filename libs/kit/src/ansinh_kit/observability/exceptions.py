"""Exceptions in the log: which classes, and where. Never their text: a driver's text holds whole documents."""

import sys
import traceback
from types import TracebackType
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

_MOST_FRAMES: Final = 30
_MOST_LINKS: Final = 6


def describe_exception(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """Replace `exc_info` by `exception`: a list from the error raised last to its first cause."""
    error = _error_of(event_dict.pop("exc_info", None))
    event_dict.pop("stack_info", None)
    if error is not None:
        event_dict["exception"] = described(error)
    return event_dict


def described(error: BaseException) -> list[dict[str, Any]]:
    """Return class and frames (`module.function:line`, outermost first) of `error` and of what it came from."""
    links: list[dict[str, Any]] = []
    waiting: list[BaseException] = [error]
    while waiting and len(links) < _MOST_LINKS:
        current = waiting.pop(0)
        links.append({"class": _class_name(current), "frames": _frames(current.__traceback__)})
        waiting.extend(_origins(current))
    return links


def _origins(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return list(error.exceptions)
    origin = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [] if origin is None else [origin]


def _class_name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _frames(trace: TracebackType | None) -> list[str]:
    frames = [
        f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_qualname}:{line}"
        for frame, line in traceback.walk_tb(trace)
    ]
    return frames[-_MOST_FRAMES:]


def _error_of(exc_info: object) -> BaseException | None:
    match exc_info:
        case True:
            return sys.exc_info()[1]
        case BaseException():
            return exc_info
        case (_, BaseException() as error, _):
            return error
        case _:
            return None
