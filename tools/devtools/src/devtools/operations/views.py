"""Read models of a running system: rebuilt and rolled back by a process of the service they belong to."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Generator, Sequence
from typing import Any

from ansinh_kit.mongo import connect
from ansinh_kit.projections.registry import names_of_views

from devtools.errors import ToldError
from devtools.processes.process import Command

Step = dict[str, Any]


class NoSuchViewError(ToldError):
    """No service has built a read model of this name; the message lists those there are."""


class ViewOperations:
    """The read models of all services, found and worked on with the environment each service itself was given."""

    def __init__(self, services: Sequence[Command]) -> None:
        self._services = services

    def rebuild(self, view: str, *, drop_old: bool) -> Generator[Step]:
        """Rebuild the view while the system goes on; yield the steps of `ansinh_kit.view_commands` as they come.

        Leaving the iteration early ends the rebuild: readers then keep the build they have.

        Raises:
            NoSuchViewError: Before anything is started.
            ToldError: It failed; the message says why.
        """
        return _steps(self._owner(view), "rebuild", view, *(["--drop-old"] if drop_old else []))

    def roll_back(self, view: str) -> Generator[Step]:
        """Let readers have the build before again; steps and errors as of `rebuild`."""
        return _steps(self._owner(view), "roll-back", view)

    def _owner(self, view: str) -> Command:
        views = [(command, asyncio.run(_views_of(command))) for command in self._services]
        for command, names in views:
            if view in names:
                return command
        known = ", ".join(sorted(name for _, names in views for name in names))
        raise NoSuchViewError(f"no read model {view}; there are: {known or 'none yet'}")


async def _views_of(command: Command) -> frozenset[str]:
    prefix = command.name.upper()
    client = connect(command.environment[f"{prefix}_MONGODB_URL"], app_name="dev-ops")
    try:
        return await names_of_views(client.database(command.environment[f"{prefix}_DATABASE"]))
    finally:
        client.close()


def _steps(service: Command, *arguments: str) -> Generator[Step]:
    with subprocess.Popen(
        [sys.executable, "-m", service.name, "views", *arguments],
        cwd=service.directory,
        env=dict(service.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield from map(json.loads, process.stdout or ())
            said = process.stderr.read() if process.stderr is not None else ""
        finally:
            process.terminate()
    if process.returncode:
        raise ToldError(f"{service.name}: {said.strip() or f'ended with code {process.returncode}'}")
