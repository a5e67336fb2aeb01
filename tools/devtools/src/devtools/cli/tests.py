"""`./dev test`, `./dev faults` and `./dev races`: pytest, with the tree's own settings."""

import os
import signal
import subprocess
import sys

from devtools.system.layout import ROOT

# How they are divided is said in `tests/plugins/side_by_side.py`; every process starts servers of its own.
_SIDE_BY_SIDE = ("--numprocesses=logical", "--maxprocesses=4")


def run(arguments: list[str]) -> None:
    """Run pytest and end with its exit code. Without arguments: every test, on all cores, the slowest ten named."""
    chosen = arguments or [*_SIDE_BY_SIDE, "--durations=10", "--durations-min=5"]
    with subprocess.Popen([sys.executable, "-m", "pytest", *chosen], cwd=ROOT) as tests:
        # They stop their servers themselves (`tests/plugins/ending.py`); a terminal tells them of Ctrl-C without us.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: tests.terminate())
        sys.exit(tests.wait())


def run_faults(rounds: int) -> None:
    """Break the whole system again and again, telling what each round took, and end with pytest's exit code."""
    os.environ["ANSINH_FAULT_ROUNDS"] = str(rounds)
    run(["tests/faults", "-q", "--capture=no"])


def run_races(rounds: int) -> None:
    """Run every race so often, telling how it went, and end with pytest's exit code (R-9)."""
    os.environ["ANSINH_RACE_ROUNDS"] = str(rounds)
    run(["tests/faults/test_races.py", "-q", "--capture=no"])
