"""wrk, a load generator that costs little itself, and what it says."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from devtools.errors import ToldError

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Load:
    """What one run came to; percentiles in milliseconds. `refused` counts answers that were no 2xx and no 3xx."""

    per_second: float
    requests: int
    refused: int
    p50: float
    p99: float


def wrk(url: str, *, connections: int, seconds: float, headers: Mapping[str, str] | None = None) -> Load:
    """Send requests over `connections`, each as soon as the answer before it is there, from one thread.

    Raises:
        ToldError: wrk is missing or failed.
    """
    program = shutil.which("wrk")
    if program is None:
        raise ToldError("wrk is missing: install it (Debian, Ubuntu: sudo apt-get install wrk)")
    given = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    arguments = ["-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--latency", *given, url]
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - found in PATH
    if done.returncode != 0:
        raise ToldError(f"wrk: {done.stderr.strip() or done.stdout.strip()}")
    return _read(done.stdout)


def _read(said: str) -> Load:
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Load(
        per_second=float(_found(r"Requests/sec:\s+([\d.]+)", said)[1]),
        requests=int(_found(r"(\d+) requests in", said)[1]),
        refused=0 if refused is None else int(refused[1]),
        p50=_milliseconds("50%", said),
        p99=_milliseconds("99%", said),
    )


def _milliseconds(percentile: str, said: str) -> float:
    match = _found(rf"{percentile}\s+([\d.]+)(us|ms|s)", said)
    return float(match[1]) * _UNITS[match[2]]


def _found(pattern: str, said: str) -> re.Match[str]:
    match = re.search(pattern, said)
    if match is None:
        raise ToldError(f"wrk said something else than expected:\n{said}")
    return match
