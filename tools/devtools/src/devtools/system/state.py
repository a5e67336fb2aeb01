"""What the supervisor tells others: one JSON file, replaced as a whole, so a reader never sees half of it."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from devtools.processes.process import find_process

Condition = Literal["running", "waiting", "held"]


@dataclass(frozen=True, kw_only=True)
class ProcessState:
    """`waiting` means it ended by itself and is started again after a pause; `held` that someone wants it stopped."""

    condition: Condition
    pid: int | None = None
    started_at: float = 0.0
    restarts: int = 0
    exit_code: int | None = None

    @property
    def alive(self) -> bool:
        return self.pid is not None and find_process(self.pid, self.started_at) is not None


@dataclass(frozen=True)
class SystemState:
    supervisor: ProcessState
    processes: Mapping[str, ProcessState]

    def write(self, path: Path) -> None:
        content = {
            "supervisor": asdict(self.supervisor),
            "processes": {name: asdict(state) for name, state in self.processes.items()},
        }
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(content, indent=1), encoding="utf-8")
        os.replace(draft, path)  # noqa: PTH105 - the atomic one, named as such

    @staticmethod
    def read(path: Path) -> "SystemState | None":
        """Return what was last written; None if nothing runs and nothing is left behind."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        processes = {name: ProcessState(**state) for name, state in content["processes"].items()}
        return SystemState(ProcessState(**content["supervisor"]), processes)
