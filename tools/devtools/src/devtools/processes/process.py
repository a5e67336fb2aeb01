"""One process of the operating system that we started, and may therefore end."""

import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, kw_only=True)
class Command:
    """What to run. `environment` is the whole environment: nothing is inherited by accident."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path
    log_file: Path
    grace_seconds: float = 15.0


class Process:
    """A command, started at most once at a time. Output is appended to the command's log file."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return None if self._popen is None else self._popen.pid

    @property
    def running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    @property
    def exit_code(self) -> int | None:
        """The code it ended with, negative for a signal; None before the start and while it runs."""
        return None if self._popen is None else self._popen.poll()

    def start(self) -> None:
        """Start it in its own session, so that Ctrl-C in the terminal reaches only whom it was meant for."""
        if self.running:
            return
        self.command.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.command.log_file.open("ab") as log:
            self._popen = subprocess.Popen(
                self.command.arguments,
                cwd=self.command.directory,
                env=dict(self.command.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> None:
        """Ask it to end, wait its grace time, then kill what is left of it. Returns when it is gone."""
        if self._popen is None:
            return
        family = _family(self._popen.pid) if self.running else []
        if self.running:
            self._popen.terminate()
            try:
                self._popen.wait(self.command.grace_seconds)
            except subprocess.TimeoutExpired:
                self._popen.kill()
        self._popen.wait()
        _kill(family)

    def kill(self) -> None:
        """`kill -9` of it and its descendants, as a crash or the kernel's out-of-memory killer would."""
        if self._popen is None or not self.running:
            return
        family = _family(self._popen.pid)
        self._popen.kill()
        _kill(family)
        self._popen.wait()

    def log_tail(self, lines: int = 20) -> str:
        """Return the last lines it wrote, for an error message."""
        if not self.command.log_file.exists():
            return ""
        text = self.command.log_file.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])


def end_by_id(pid: int, started_at: float, *, grace_seconds: float) -> bool:
    """End a process an earlier run recorded. False if that process is gone, or its id belongs to another by now."""
    process = find_process(pid, started_at)
    if process is None:
        return False
    family = _family(pid)
    process.terminate()
    psutil.wait_procs([process], timeout=grace_seconds)
    _kill([process, *family])
    return True


def find_process(pid: int, started_at: float) -> psutil.Process | None:
    """Return the process with this id that was started then; ids are used again, so the id alone proves nothing."""
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - started_at) < 1
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def create_time(pid: int) -> float:
    """Return when the process was started, in seconds since 1970; 0 if it is gone already."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return 0.0


def _family(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _kill(processes: list[psutil.Process]) -> None:
    """Kill those that still run. psutil compares start times, so a reused id is never hit."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=5)
