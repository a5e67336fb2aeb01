"""What the private servers share: starting, waiting until they answer, stopping, crashing."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from devtools.errors import ToldError
from devtools.processes.process import Command, Process

POLL_SECONDS = 0.05


class ServerFailedError(ToldError):
    """The server ended, or did not answer in time. The message holds the end of its log."""


class PrivateServer(ABC):
    """A server of our own on the loopback interface, as a context manager in both colours.

    Entering starts it and waits until it answers; leaving stops it, its helpers included.
    """

    def __init__(self, directory: Path, commands: list[Command]) -> None:
        self.directory = directory
        self._processes = [Process(command) for command in commands]

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def answers(self) -> bool:
        """Tell whether it answers now in its own protocol."""

    @abstractmethod
    def prepare(self) -> None:
        """Write what it needs before the start: folders, configuration, cookie."""

    @property
    def commands(self) -> list[Command]:
        """What to run, helpers first, for a supervisor that starts the processes itself."""
        return [process.command for process in self._processes]

    @property
    def helper_ports(self) -> dict[str, int]:
        """The ports of helpers that listen, by the names of their commands."""
        return {}

    @property
    def pid(self) -> int | None:
        """The id of the server itself (helpers come before it)."""
        return self._processes[-1].pid

    def start(self) -> None:
        self.prepare()
        for process in self._processes:
            process.start()

    def wait_until_ready(
        self, *, within_seconds: float = 60.0, on_wait: Callable[[float], None] = lambda _elapsed: None
    ) -> None:
        """Return when it answers; `on_wait` is told the seconds waited so far.

        Raises:
            ServerFailedError: It ended, or the time is over.
        """
        started = time.monotonic()
        while not self.answers():
            elapsed = time.monotonic() - started
            if not self._processes[-1].running:
                raise ServerFailedError(self._failure("ended before it was ready"))
            if elapsed > within_seconds:
                raise ServerFailedError(self._failure(f"did not answer within {within_seconds:.0f} s"))
            on_wait(elapsed)
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.stop()

    def kill(self) -> None:
        """Crash the server itself with `kill -9`; helpers stay, as they would after a crash."""
        self._processes[-1].kill()

    def restart(self, *, within_seconds: float = 60.0) -> None:
        """Start it again on the same data, after a stop or a kill, and wait until it answers."""
        self._processes[-1].stop()
        self.start()
        self.wait_until_ready(within_seconds=within_seconds)

    def _failure(self, what: str) -> str:
        process = self._processes[-1]
        return f"{process.command.name} {what}. Its log ({process.command.log_file}) ends with:\n{process.log_tail()}"

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)
