"""One run of schemathesis, which lives in an environment of its own (`.tools/fuzz`, made by `./dev`)."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from devtools.errors import ToldError
from devtools.fuzz.callers import FuzzCaller
from devtools.system.layout import ROOT

PROGRAM: Final = ROOT / ".tools" / "fuzz" / "bin" / "st"
# No 500, and nothing that the document does not say: status, type, headers and form of every answer.
CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
# They end the session in whose name everything else is asked, or never end themselves.
LEFT_OUT: Final = r"^(DELETE /api/auth/v1/sessions/current|POST /api/auth/v1/me/lock|GET /api/news/v1/events)$"
_HALF_AND_HALF: Final = 0.5
_REQUEST_SECONDS: Final = 30


@dataclass(frozen=True)
class FuzzRun:
    """What to try: how long at most, how often each operation, from which seed, and which paths (all without it)."""

    seconds: int
    examples: int
    seed: int
    only_path: str | None


def fuzz(gateway_url: str, caller: FuzzCaller, run: FuzzRun, folder: Path) -> bool:
    """Say whether nothing was found; what was is printed with a command that asks it again.

    Raises:
        ToldError: The fuzzer is not installed.
    """
    if not PROGRAM.exists():
        raise ToldError("the fuzzer is not installed: start it as ./dev fuzz")
    configuration = folder / f"{caller.kind}.toml"
    configuration.write_text(_configuration(caller), encoding="utf-8")
    done = subprocess.run([str(PROGRAM), *_arguments(gateway_url, caller, run, configuration)], cwd=folder, check=False)
    return done.returncode == 0


def _arguments(gateway_url: str, caller: FuzzCaller, run: FuzzRun, configuration: Path) -> list[str]:
    headers = [part for name, value in caller.headers.items() for part in ("--header", f"{name}: {value}")]
    chosen = [] if run.only_path is None else ["--include-path-regex", run.only_path]
    return [
        *("--config-file", str(configuration), "run", f"{gateway_url}/api/openapi.json"),
        *("--checks", ",".join(CHECKS), "--exclude-name-regex", LEFT_OUT, *chosen, *headers),
        *("--seed", str(run.seed), "--max-examples", str(run.examples), "--max-time", str(run.seconds)),
        *("--request-timeout", str(_REQUEST_SECONDS), "--max-redirects", "0", "--continue-on-failure"),
        *("--suppress-health-check", "all", "--generation-database", "none", "--warnings", "off"),
    ]


def _configuration(caller: FuzzCaller) -> str:
    """Return the settings without a command-line option: ids that exist, for half of what is asked.

    503 is an answer the document declares: a service that is full says so.
    """
    lines = ["[checks.not_a_server_error]", 'expected-statuses = ["2xx", "3xx", "4xx", "503"]']
    for name, value in caller.ids.items():
        lines += [f"[dictionaries.{name}]", f"values = [{json.dumps(value)}]"]
    lines.append("[parameters]")
    lines += [f'"path.{name}" = {{ dictionary = "{name}", probability = {_HALF_AND_HALF} }}' for name in caller.ids]
    return "\n".join(lines) + "\n"
