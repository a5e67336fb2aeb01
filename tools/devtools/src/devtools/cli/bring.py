"""`./dev import`: a file into the records of the running system, by the operator's command of the service."""

import subprocess
import sys
from pathlib import Path

from devtools.errors import ToldError
from devtools.system.control import Control
from devtools.system.layout import Layout


def run(file: Path, arguments: list[str]) -> None:
    """Run `python -m records import` with the environment the running service was given; show what it says.

    Raises:
        ToldError: Nothing is running, there is no such file, or the import was refused or cut off.
    """
    if not file.is_file():
        raise ToldError(f"there is no file {file}")
    control = Control(Layout.of_developer())
    if control.state() is None:
        raise ToldError("nothing is running: start it with ./dev up")
    service = control.plan().named("records").command
    command = [sys.executable, "-m", service.name, "import", str(file.resolve()), *arguments]
    ended = subprocess.run(command, cwd=service.directory, env=dict(service.environment), check=False)
    if ended.returncode:
        raise ToldError("the import did not come to its end; the lines above say why")
