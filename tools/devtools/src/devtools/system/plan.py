"""What a system runs, as data: written by `./dev up`, carried out by the supervisor."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from devtools.processes.process import Command

Kind = Literal["server", "service"]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One process of the plan. Servers start first and stop last; services are ready when `ready_url` answers 200."""

    command: Command
    kind: Kind
    probe: str

    @property
    def name(self) -> str:
        return self.command.name


@dataclass(frozen=True)
class Plan:
    processes: tuple[Planned, ...]

    def named(self, name: str) -> Planned:
        """Return the process of that name.

        Raises:
            KeyError: There is none.
        """
        return {process.name: process for process in self.processes}[name]

    def of_kind(self, kind: Kind) -> list[Planned]:
        return [process for process in self.processes if process.kind == kind]

    def write(self, path: Path) -> None:
        """Keep the plan for the supervisor. It holds passwords: readable by this user only."""
        path.touch(mode=0o600)
        path.write_text(json.dumps([_as_json(process) for process in self.processes], indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls(tuple(_from_json(entry) for entry in json.loads(path.read_text(encoding="utf-8"))))


def _as_json(process: Planned) -> dict[str, object]:
    command = process.command
    return {
        "name": command.name,
        "kind": process.kind,
        "probe": process.probe,
        "arguments": list(command.arguments),
        "environment": dict(command.environment),
        "directory": str(command.directory),
        "log_file": str(command.log_file),
        "grace_seconds": command.grace_seconds,
    }


def _from_json(entry: Mapping[str, Any]) -> Planned:
    return Planned(
        kind=entry["kind"],
        probe=entry["probe"],
        command=Command(
            name=entry["name"],
            arguments=tuple(entry["arguments"]),
            environment=entry["environment"],
            directory=Path(entry["directory"]),
            log_file=Path(entry["log_file"]),
            grace_seconds=entry["grace_seconds"],
        ),
    )
