"""What the driver sends to the database while a test watches: each command is a round trip."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import monitoring

_watching: list[list[dict[str, Any]]] = []


class _Listener(monitoring.CommandListener):
    def started(self, event: monitoring.CommandStartedEvent) -> None:
        for commands in _watching:
            commands.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        del event

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        del event


# Heard by every client made after this line: import this module before a fixture connects.
monitoring.register(_Listener())


@contextmanager
def commands_sent() -> Iterator[list[dict[str, Any]]]:
    """Give the commands that clients of this process send meanwhile, in order."""
    commands: list[dict[str, Any]] = []
    _watching.append(commands)
    try:
        yield commands
    finally:
        _watching.remove(commands)
