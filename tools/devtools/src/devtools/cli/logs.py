"""Showing the logs of the running, or last, system."""

import time
from collections import deque
from pathlib import Path

from devtools.cli.console import console
from devtools.errors import ToldError
from devtools.system.layout import Layout
from devtools.system.plan import Plan

POLL_SECONDS = 0.3


def show(name: str | None, *, follow: bool, lines: int) -> None:
    """Print the last lines, each with its process in front if there are several; with `follow`, until Ctrl-C."""
    files = _files(name)
    prefixed = len(files) > 1
    for process, path in files.items():
        for line in _last_lines(path, lines):
            _print(process, line, prefixed=prefixed)
    if follow:
        _follow(files, prefixed=prefixed)


def _files(name: str | None) -> dict[str, Path]:
    layout = Layout.of_developer()
    if not layout.plan_file.exists():
        raise ToldError("there are no logs yet: start the system with ./dev up")
    files = {planned.name: planned.command.log_file for planned in Plan.read(layout.plan_file).processes}
    files["supervisor"] = layout.logs / "supervisor.log"
    if name is None:
        return files
    if name not in files:
        raise ToldError(f"no process {name}; there are: {', '.join(files)}")
    return {name: files[name]}


def _last_lines(path: Path, lines: int) -> list[str]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", errors="replace") as file:
        return [line.rstrip("\n") for line in deque(file, maxlen=lines)]


def _follow(files: dict[str, Path], *, prefixed: bool) -> None:
    places = {name: path.stat().st_size if path.exists() else 0 for name, path in files.items()}
    while True:
        for name, path in files.items():
            if not path.exists():
                continue
            with path.open(encoding="utf-8", errors="replace") as file:
                file.seek(places[name])
                for line in file:
                    _print(name, line.rstrip("\n"), prefixed=prefixed)
                places[name] = file.tell()
        time.sleep(POLL_SECONDS)


def _print(name: str, line: str, *, prefixed: bool) -> None:
    if prefixed:
        console.print(f"[cyan]{name:>15}[/] ", end="")
    console.print(line, markup=False, soft_wrap=True)
