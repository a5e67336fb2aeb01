"""A verb, and a run of tests, that is told to end stops what it started."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from devtools.system.layout import ROOT

from tests.eventually import eventually

VERB = """
import threading
from devtools.cli.ending import end_on_sigterm_as_on_ctrl_c

end_on_sigterm_as_on_ctrl_c()
try:
    print("started", flush=True)
    threading.Event().wait()
finally:
    print("stopped", flush=True)
"""

TESTS = """
import os, threading
from pathlib import Path
import pytest

@pytest.fixture(scope="session")
def server():
    Path(f"started-{os.getpid()}").touch()
    yield
    Path(f"stopped-{os.getpid()}").touch()

@pytest.mark.parametrize("number", range(4))
def test_that_does_not_end_by_itself(server, number):
    threading.Event().wait()
"""


def test_a_verb_ended_by_sigterm_stops_what_it_started() -> None:
    with subprocess.Popen(  # noqa: S603 - this very interpreter, with the text above
        [sys.executable, "-c", VERB], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as verb:
        assert verb.stdout is not None
        assert verb.stdout.readline() == "started\n"
        verb.send_signal(signal.SIGTERM)
        said, _ = verb.communicate(timeout=30)
    assert said == "stopped\n"


@pytest.mark.parametrize("processes", [0, 2])
async def test_a_run_of_tests_ended_by_sigterm_stops_what_each_process_started(tmp_path: Path, processes: int) -> None:
    (tmp_path / "test_servers.py").write_text(TESTS)
    started_by = max(processes, 1)
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", "-p", "tests.plugins.ending", f"--numprocesses={processes}"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    await eventually(lambda: _named(tmp_path, "started") == started_by, 60, says="every process has a server")
    run.terminate()
    async with asyncio.timeout(60):
        assert await run.wait() == pytest.ExitCode.INTERRUPTED
    assert _named(tmp_path, "stopped") == started_by


def _named(directory: Path, what: str) -> int:
    return len(list(directory.glob(f"{what}-*")))
