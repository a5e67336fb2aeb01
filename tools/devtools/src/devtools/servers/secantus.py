"""A private SecantusDB: MongoDB's wire protocol over WiredTiger, from PyPI, for machines without a mongod."""

import os
import sys
from pathlib import Path

from devtools.processes.process import Command
from devtools.servers.ports import LOOPBACK, free_ports
from devtools.servers.probes import mongodb_answers
from devtools.servers.server import PrivateServer


class SecantusServer(PrivateServer):
    """The database of a development machine. Its data lives in `directory/data` and outlasts a restart."""

    def __init__(self, directory: Path, *, port: int | None = None) -> None:
        self.port = port if port is not None else free_ports(1)[0]
        super().__init__(directory, [self._command(directory)])

    @property
    def url(self) -> str:
        """The address for drivers. Its table of retryable writes is slow, and the kit repeats commands by commit id."""
        return f"mongodb://{LOOPBACK}:{self.port}/?retryWrites=false"

    def answers(self) -> bool:
        return mongodb_answers(LOOPBACK, self.port)

    def prepare(self) -> None:
        (self.directory / "data").mkdir(parents=True, exist_ok=True)
        # An own file, empty, keeps it from picking up a secantusd.toml of this machine.
        (self.directory / "secantusd.toml").touch()

    def _command(self, directory: Path) -> Command:
        options = {
            "--config": str(directory / "secantusd.toml"),
            "--host": LOOPBACK,
            "--port": str(self.port),
            "--storage-path": str(directory / "data"),
            "--cache-size": "512M",
            "--log-level": "WARNING",
        }
        program = str(Path(sys.executable).parent / "secantusd-py")
        return Command(
            name="database",
            arguments=(program, *(part for option in options.items() for part in option)),
            environment={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(directory)},
            directory=directory,
            log_file=directory / "secantus.log",
        )
