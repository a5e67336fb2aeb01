"""Running the tests as CI does."""

import subprocess
import sys

from devtools.system.layout import ROOT


def run(arguments: list[str]) -> None:
    """Run pytest and end with its exit code. Without arguments: every test, the slowest ten named at the end."""
    chosen = arguments or ["--durations=10", "--durations-min=5"]
    sys.exit(subprocess.run([sys.executable, "-m", "pytest", *chosen], cwd=ROOT, check=False).returncode)
