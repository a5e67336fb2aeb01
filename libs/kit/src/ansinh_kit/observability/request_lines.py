"""The one line that each request leaves, made without the processors every other line passes.

Through structlog and the standard library such a line took 65 µs, a fifth of what the gateway did for a request; it
takes 12 here. It says the same, under the same allow-list and scrubbing.
"""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Final, TextIO

import structlog
from pydantic_core import to_json

from ansinh_kit.observability.redaction import Redaction

EVENT: Final = "http_request"


class LineHandler(logging.StreamHandler[TextIO]):
    """Writes records as they come, and the lines of requests together, once a turn of the loop; never out of order."""

    def __init__(self, stream: TextIO, *, service: str, redaction: Redaction) -> None:
        super().__init__(stream)
        self._service = service
        self._redaction = redaction
        self._held: list[str] = []

    def hold(self, logger: str, fields: dict[str, object]) -> None:
        """Write this line by the end of the present turn of the running loop."""
        line = {
            "event": EVENT,
            **self._redaction(None, "info", fields),
            "level": "info",
            "logger": logger,
            "timestamp": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "service": self._service,
        }
        if not self._held:
            asyncio.get_running_loop().call_soon(self.write_held)
        self._held.append(to_json(line).decode())

    def emit(self, record: logging.LogRecord) -> None:
        self.write_held()
        super().emit(record)

    def flush(self) -> None:
        self.write_held()
        super().flush()

    def write_held(self) -> None:
        """Write what is held now."""
        if self._held:
            lines, self._held = self._held, []
            self.stream.write("\n".join(lines) + "\n")
            self.stream.flush()


class RequestLines:
    """Writes `http_request` lines under the name of a module, as its own logger would."""

    def __init__(self, logger: str) -> None:
        self._name = logger
        self._levels = logging.getLogger(logger)
        self._log = structlog.get_logger(logger).bind()

    def write(self, **fields: object) -> None:
        """Write one line. Where logging is not configured as in production, as in most tests, structlog has it."""
        handler = logging.root.handlers[0] if logging.root.handlers else None
        if not isinstance(handler, LineHandler):
            self._log.info(EVENT, **fields)
        elif self._levels.isEnabledFor(logging.INFO):
            handler.hold(self._name, fields)
