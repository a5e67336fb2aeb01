"""One process under watch: started again when it ends by itself, kept stopped while it is held."""

import time
from collections.abc import Callable
from pathlib import Path

from devtools.processes.process import Process, create_time
from devtools.system.plan import Planned
from devtools.system.state import ProcessState

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
# After so long without a fault, the next one is treated as the first.
STEADY_SECONDS = 30.0


class Watched:
    def __init__(self, planned: Planned, holds: Path, *, now: Callable[[], float] = time.monotonic) -> None:
        self._process = Process(planned.command)
        self._hold = holds / planned.name
        self._now = now
        self._restarts = 0
        self._pause_seconds = FIRST_PAUSE_SECONDS
        self._began = 0.0
        self._started_at = 0.0
        self._start_after: float | None = 0.0
        self._last_exit: int | None = None

    def tick(self) -> bool:
        """Bring the process towards what is wanted of it; True if something changed."""
        if self._hold.exists():
            return self._keep_stopped()
        if self._process.running:
            return False
        if self._start_after is None:
            self._note_exit()
            return True
        if self._now() < self._start_after:
            return False
        self._start()
        return True

    def stop(self) -> None:
        self._process.stop()

    def state(self) -> ProcessState:
        running = self._process.running
        return ProcessState(
            condition="running" if running else "held" if self._hold.exists() else "waiting",
            pid=self._process.pid if running else None,
            started_at=self._started_at,
            restarts=self._restarts,
            exit_code=self._last_exit,
        )

    def _start(self) -> None:
        self._process.start()
        self._began = self._now()
        self._started_at = create_time(self._process.pid or 0)
        self._start_after = None

    def _note_exit(self) -> None:
        """Plan the next start: at once after a long good run, later and later while it keeps failing."""
        self._last_exit = self._process.exit_code
        self._restarts += 1
        if self._now() - self._began > STEADY_SECONDS:
            self._pause_seconds = FIRST_PAUSE_SECONDS
        self._start_after = self._now() + self._pause_seconds
        self._pause_seconds = min(self._pause_seconds * 2, LONGEST_PAUSE_SECONDS)

    def _keep_stopped(self) -> bool:
        running = self._process.running
        if running:
            self._process.stop()
        self._start_after = 0.0
        self._pause_seconds = FIRST_PAUSE_SECONDS
        return running
