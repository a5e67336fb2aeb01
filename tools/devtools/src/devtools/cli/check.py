"""Everything that can be said about the code without running it."""

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from devtools.cli.console import console, done, failed
from devtools.errors import ToldError
from devtools.system.layout import ROOT

TOOLS = Path(sys.executable).parent
SCRIPTS = ("dev", ".ci/run")


@dataclass(frozen=True)
class Step:
    """One tool. `mend` is what a person runs when it complains."""

    name: str
    command: tuple[str, ...]
    mend: str


def run(*, fix: bool) -> None:
    """Run all steps, whatever the earlier ones said, and show the output of those that complain.

    Raises:
        ToldError: At least one complained.
    """
    if fix:
        _fix()
    complaints = [step for step in _steps() if not _passes(step)]
    if complaints:
        raise ToldError("\n".join(f"{step.name}: {step.mend}" for step in complaints))


def _fix() -> None:
    for arguments in (("check", "--fix", "--quiet", "."), ("format", "--quiet", ".")):
        subprocess.run([str(TOOLS / "ruff"), *arguments], cwd=ROOT, check=False)


def _steps() -> list[Step]:
    steps = [
        Step("format", (str(TOOLS / "ruff"), "format", "--check", "."), "run ./dev check --fix"),
        Step("lint", (str(TOOLS / "ruff"), "check", "."), "run ./dev check --fix, and see to the rest by hand"),
        Step("types", (str(TOOLS / "mypy"),), "see the lines above"),
        Step("imports", (str(TOOLS / "lint-imports"),), "a rule of .importlinter is broken: see its name above"),
        Step(
            "schemas",
            (sys.executable, "-m", "pytest", "-q", "tests/contracts/test_schemas.py"),
            "a published event changed: run python -m ansinh_contracts.schemas and look at the diff",
        ),
        Step(
            "requirements", (sys.executable, "-m", "devtools.requirements"), "mend the mark or docs/requirements.toml"
        ),
        Step("lock", (_uv(), "lock", "--check"), "run uv lock and commit uv.lock"),
    ]
    if shellcheck := shutil.which("shellcheck"):
        steps.append(Step("shell", (shellcheck, *SCRIPTS), "see the lines above"))
    return steps


def _uv() -> str:
    """Return uv as `./dev` found or installed it."""
    own = ROOT / ".tools" / "bin" / "uv"
    return str(own) if own.exists() else shutil.which("uv") or "uv"


def _passes(step: Step) -> bool:
    began = time.monotonic()
    done_process = subprocess.run(step.command, cwd=ROOT, capture_output=True, text=True, check=False)
    line = f"{step.name} ({time.monotonic() - began:.1f} s)"
    if done_process.returncode == 0:
        done(line)
        return True
    failed(line)
    console.print(done_process.stdout + done_process.stderr, markup=False, soft_wrap=True)
    return False
