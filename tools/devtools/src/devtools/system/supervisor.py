"""The background process that is the parent of all others of one system.

Run as `python -m devtools.system.supervisor <run folder>`. It carries out the folder's plan, starts again what ends by
itself, writes the state file, and at SIGTERM stops everything: services first, then the servers they stand on.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from devtools.processes.process import create_time
from devtools.system.plan import Plan
from devtools.system.state import ProcessState, SystemState
from devtools.system.watched import Watched

TICK_SECONDS = 0.1


class Supervisor:
    def __init__(self, plan: Plan, *, state_file: Path, holds: Path) -> None:
        self._services = {planned.name: Watched(planned, holds) for planned in plan.of_kind("service")}
        self._servers = {planned.name: Watched(planned, holds) for planned in plan.of_kind("server")}
        self._state_file = state_file
        self._ending = threading.Event()

    def run(self) -> None:
        """Watch until `end` is called; then stop all, remove the state file and return."""
        watched = self._servers | self._services
        self._write_state()
        while not self._ending.wait(TICK_SECONDS):
            changes = [one.tick() for one in watched.values()]
            if any(changes):
                self._write_state()
        _stop_together(self._services.values())
        _stop_together(reversed(self._servers.values()))
        self._state_file.unlink(missing_ok=True)

    def end(self) -> None:
        self._ending.set()

    def _write_state(self) -> None:
        own = ProcessState(condition="running", pid=os.getpid(), started_at=create_time(os.getpid()))
        watched = self._servers | self._services
        SystemState(own, {name: one.state() for name, one in watched.items()}).write(self._state_file)


def _stop_together(watched: Iterable[Watched]) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(Watched.stop, watched))


def main() -> None:
    run = Path(sys.argv[1])
    supervisor = Supervisor(Plan.read(run / "plan.json"), state_file=run / "state.json", holds=run / "hold")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: supervisor.end())
    supervisor.run()


if __name__ == "__main__":
    main()
