"""What may stand in a log line: known field names with plain values, and nothing that looks personal (PII-09).

The allow-list decides; the patterns are a second net under it, for a value that strayed into a known field.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from structlog.typing import EventDict, WrappedLogger

REDACTED: Final = "[redacted]"
_LONGEST_TEXT: Final = 300
_LONGEST_LIST: Final = 20
_EVENT_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,79}")
# Where a library starts to quote: what stands after it can be anything. Libraries write ASCII; people's names do not.
_QUOTING: Final = re.compile(r"['\"`{\[<(]|: |[^ -~]")

_SCAN: Final = re.compile(
    r"""
      (?P<kept> \b (?: [0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12} | [0-9a-f]{32} | [0-9a-f]{64} ) \b )  # our ids
    | \b(?:sit|dct|act)_[A-Za-z0-9_-]+                # session, declaration and activation tokens
    | \beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]*            # JWT and JWE
    | (?<=://)[^/@\s]+@                               # credentials in an address
    | [^\s@,;<>"']+@[^\s@,;<>"']+\.[A-Za-z]{2,}       # e-mail
    | (?<![\w+])(?:\+?84|0)(?:[ .-]?\d){9}(?!\w)     # phone
    | (?<!\w)(?:\d{12}|\d{10}|\d{6})(?!\w)           # identity and insurance numbers, one-time codes
    """,
    re.VERBOSE,
)

_KIT_FIELDS: Final = frozenset(
    {
        # every line
        "event", "level", "timestamp", "logger", "service", "exception",
        # the request
        "request_id", "traceparent", "method", "route", "status", "milliseconds", "code", "reason",
        # the chain of events
        "event_id", "event_type", "schema_version", "stream_id", "stream_version", "version", "expected_version",
        "position", "commit_id", "correlation_id", "causation_id", "actor",
        # the bus
        "consumer", "producer", "partition", "queue", "exchange", "routing_key", "message_name", "message_version",
        "event_name", "message_id", "parked_id", "outcome", "queues", "subscribers", "until",
        "attempt", "attempts", "redelivered",
        # the process
        "task", "dependency", "port", "seconds", "check", "projection", "checkpoint", "index", "count", "batch",
        "error", "at", "first", "last", "documents", "tokens",
    }
)  # fmt: skip

# Made by this package's own processors or named in the code, never by anybody's data.
_OWN_FIELDS: Final = frozenset({"timestamp", "exception", "level", "logger", "service"})
_EVENT_FIELDS: Final = frozenset({"event", "error"})
_OUR_ID: Final = re.compile(r"[0-9a-f]{32}")


class Redaction:
    """A structlog processor: keeps allowed fields with plain values, scrubs their text, blanks everything else."""

    def __init__(self, allowed_fields: Iterable[str] = ()) -> None:
        self._allowed = _KIT_FIELDS | frozenset(allowed_fields)

    def __call__(self, _logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
        return {name: self._shown(name, value) for name, value in event_dict.items()}

    def _shown(self, name: str, value: object) -> object:
        if name in _EVENT_FIELDS:
            return event_text(value)  # `error` is a class name; of an exception's repr it keeps just that.
        if name in _OWN_FIELDS:
            return value
        return plain(value) if name in self._allowed else REDACTED


def event_text(event: object) -> str:
    """Return our own event names as they are; of any other text the first words, before it starts to quote."""
    if isinstance(event, BaseException):
        return type(event).__name__
    text = str(event)
    if _EVENT_NAME.fullmatch(text):
        return text
    return scrubbed(_QUOTING.split(text, maxsplit=1)[0].strip())


def plain(value: object) -> object:
    """Return numbers and scrubbed text, also in a list; any other object could print whatever it holds."""
    match value:
        case str():
            return scrubbed(value)
        case None | bool() | int() | float():
            return value
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in list(value)[:_LONGEST_LIST]]
        case _:
            return REDACTED


def scrubbed(text: str) -> str:
    """Return `text`, at most 300 characters, with everything that looks personal or secret blanked."""
    if _OUR_ID.fullmatch(text):
        return text  # Every line has one; to search it through takes as long as the rest of the line.
    return _searched(text)


# Route templates, states and codes come again with every line.
@lru_cache(maxsize=1024)
def _searched(text: str) -> str:
    # Scrubbed before it is cut: a number cut in half would no longer look like one.
    return _SCAN.sub(lambda found: found["kept"] or REDACTED, text)[:_LONGEST_TEXT]
