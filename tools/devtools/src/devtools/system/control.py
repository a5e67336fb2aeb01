"""Bringing a system up and down, and doing single processes good or harm. Used by `./dev` and by tests alike."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from devtools.errors import ToldError
from devtools.processes.process import Command, Process, end_by_id, find_process
from devtools.servers.ports import is_taken
from devtools.system.layout import ROOT, Layout
from devtools.system.plan import Plan, Planned
from devtools.system.probes import Readiness, ask
from devtools.system.state import ProcessState, SystemState

POLL_SECONDS = 0.1
STOP_SECONDS = 60.0
# A process that keeps ending is not going to get ready: say so with its log instead of waiting on.
HOPELESS_RESTARTS = 4

Progress = Callable[[dict[str, Readiness], float], None]


class NotReadyError(ToldError):
    """The system did not become ready; the message names the processes, the reasons and the ends of their logs."""


class PortsTakenError(ToldError):
    """Somebody else listens on ports the system needs."""

    def __init__(self, ports: list[int]) -> None:
        numbers = ", ".join(map(str, ports))
        super().__init__(f"taken by another program: port {numbers}; stop it, or set ANSINH_PORT_BASE to move ours")


class AnotherCommandError(ToldError):
    """Another `./dev` command is bringing this system up or down."""


class Control:
    """One system, by its layout: whoever holds this object may start, stop, look at and disturb it."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._child: Process | None = None  # the supervisor, if this very process started it

    def state(self) -> SystemState | None:
        """Return what the supervisor last wrote; None if none is running."""
        state = SystemState.read(self.layout.state_file)
        return state if state is not None and state.supervisor.alive else None

    def plan(self) -> Plan:
        return Plan.read(self.layout.plan_file)

    def start(self, plan: Plan) -> bool:
        """Start the supervisor with this plan; False if it already carries out the very same one.

        Raises:
            PortsTakenError: Before anything is started.
        """
        with self._exclusively():
            if self.state() is not None:
                if self.plan() == plan:
                    return False
                self._stop()
            self._clear_left_overs()
            if taken := [port for port in _ports(plan) if is_taken(port)]:
                raise PortsTakenError(taken)
            plan.write(self.layout.plan_file)
            self._start_supervisor()
            return True

    def wait_until_ready(
        self, *, within_seconds: float = 90.0, on_progress: Progress = lambda _found, _elapsed: None
    ) -> float:
        """Return the seconds it took until every process was ready.

        Raises:
            NotReadyError: A process keeps ending, the system was stopped meanwhile, or the time is over.
        """
        began = time.monotonic()
        pending = {planned.name: planned for planned in self.plan().processes}
        restarts_before = {name: self._process_state(name).restarts for name in pending}
        found: dict[str, Readiness] = {}
        while pending:
            for name, planned in list(pending.items()):
                found[name] = ask(planned.probe)
                if found[name].ready:
                    del pending[name]
            elapsed = time.monotonic() - began
            on_progress(found, elapsed)
            if hopeless := pending if elapsed > within_seconds else self._hopeless(pending, restarts_before):
                raise NotReadyError(_why(hopeless, found))
            time.sleep(POLL_SECONDS if pending else 0)
        return time.monotonic() - began

    def stop(self) -> bool:
        """Stop everything and wait until it is gone; False if nothing was running."""
        with self._exclusively():
            return self._stop()

    def readiness(self) -> dict[str, tuple[ProcessState, Readiness]]:
        """Return each process with its state and its own answer; empty if the system is down."""
        state = self.state()
        if state is None:
            return {}
        return {
            planned.name: (state.processes[planned.name], ask(planned.probe))
            for planned in self.plan().processes
            if planned.name in state.processes
        }

    def hold(self, name: str) -> None:
        """Stop one process and keep it stopped; returns when it has ended."""
        self.plan().named(name)
        (self.layout.holds / name).touch()
        self._wait(name, lambda state: state.condition == "held", "stopped")

    def release(self, name: str) -> None:
        """Let a held process run again; returns when it has been started."""
        (self.layout.holds / name).unlink(missing_ok=True)
        self._wait(name, lambda state: state.condition == "running", "started")

    def kill(self, name: str) -> int:
        """Crash one process with `kill -9`; returns its id when it has ended. The supervisor starts it again."""
        return self._signal(name, signal.SIGKILL)

    def restart(self, name: str) -> int:
        """Ask one process to end; returns its id when it has. The supervisor starts it again."""
        return self._signal(name, signal.SIGTERM)

    def _signal(self, name: str, number: signal.Signals) -> int:
        self._wait(name, lambda state: state.alive, "running")
        before = self._process_state(name)
        process = find_process(before.pid or 0, before.started_at)
        if process is not None:
            process.send_signal(number)
        self._wait(name, lambda _now: not before.alive, "ended")
        return before.pid or 0

    def _process_state(self, name: str) -> ProcessState:
        state = self.state()
        return ProcessState(condition="waiting") if state is None else state.processes[name]

    def _wait(self, name: str, condition: Callable[[ProcessState], bool], wanted: str) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        while not condition(self._process_state(name)):
            if time.monotonic() > deadline:
                raise NotReadyError(f"{name} was not {wanted} within {STOP_SECONDS:.0f} s")
            time.sleep(POLL_SECONDS)

    def _start_supervisor(self) -> None:
        command = Command(
            name="supervisor",
            arguments=(sys.executable, "-m", "devtools.system.supervisor", str(self.layout.run)),
            environment={"PATH": os.environ.get("PATH", os.defpath)},
            directory=ROOT,
            log_file=self.layout.logs / "supervisor.log",
        )
        self._child = process = Process(command)
        process.start()
        deadline = time.monotonic() + STOP_SECONDS
        while self.state() is None:
            if not process.running or time.monotonic() > deadline:
                raise NotReadyError(f"the supervisor did not start:\n{process.log_tail()}")
            time.sleep(POLL_SECONDS)

    def _stop(self) -> bool:
        state = self.state()
        if state is None or state.supervisor.pid is None:
            return self._clear_left_overs()
        process = find_process(state.supervisor.pid, state.supervisor.started_at)
        if process is not None:
            process.terminate()
            self._wait_for_end(state.supervisor)
        self._clear_left_overs()
        return True

    def _wait_for_end(self, supervisor: ProcessState) -> None:
        """Wait until the supervisor is gone. If it hangs, clearing what is left behind ends it the hard way."""
        deadline = time.monotonic() + STOP_SECONDS
        while supervisor.alive and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)

    def _clear_left_overs(self) -> bool:
        """End what a supervisor that was killed left running, by the ids it wrote down."""
        for hold in self.layout.holds.glob("*"):
            hold.unlink()
        state = SystemState.read(self.layout.state_file)
        if state is None:
            self._collect()
            return False
        ended = [
            end_by_id(one.pid, one.started_at, grace_seconds=15)
            for one in (state.supervisor, *reversed(list(state.processes.values())))
            if one.pid is not None
        ]
        self.layout.state_file.unlink(missing_ok=True)
        self._collect()
        return any(ended)

    def _collect(self) -> None:
        """Take the exit code of a supervisor that was our child, or it would stay a zombie while we live."""
        if self._child is not None and not self._child.running:
            self._child = None

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        self.layout.make()
        with (self.layout.run / "lock").open("w") as lock:
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except BlockingIOError as error:
                raise AnotherCommandError("another ./dev command is at work here: wait until it is done") from error
            yield

    def _hopeless(self, pending: dict[str, Planned], restarts_before: dict[str, int]) -> dict[str, Planned]:
        """Return those that keep ending while they are waited for; the others may just be waiting for them.

        All of them, if nobody starts them any more: they were stopped by another command.
        """
        if self.state() is None:
            return pending
        return {
            name: planned
            for name, planned in pending.items()
            if self._process_state(name).restarts >= restarts_before[name] + HOPELESS_RESTARTS
        }


def _why(pending: dict[str, Planned], found: dict[str, Readiness]) -> str:
    return "\n\n".join(
        f"{name} is not ready: {found[name].reason}. Its log ({planned.command.log_file}) ends with:\n"
        f"{_tail(planned.command.log_file)}"
        for name, planned in pending.items()
    )


def _tail(log_file: Path, lines: int = 15) -> str:
    if not log_file.exists():
        return "(nothing)"
    return "\n".join(log_file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _ports(plan: Plan) -> list[int]:
    """Return the ports the probes ask, which are the ports the processes listen on."""
    return sorted(
        {int(planned.probe.partition("://")[2].partition("/")[0].rpartition(":")[2]) for planned in plan.processes}
    )
