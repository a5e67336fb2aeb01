"""Finding benchmarks, running them one after another, and telling what they found under which conditions."""

import asyncio
import importlib
import json
import os
import platform
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from keyword import iskeyword
from pathlib import Path
from typing import cast

import psutil

from devtools.bench.environment import Environment
from devtools.bench.figure import Figure
from devtools.errors import ToldError
from devtools.servers import RabbitNode, SecantusServer

Benchmark = Callable[[Environment], Awaitable[list[Figure]]]

FOLDER = Path("tests") / "bench"


def available(root: Path) -> list[str]:
    """Return the names of the benchmarks; the file of one named like a keyword of the language ends with `_`."""
    return sorted(path.stem.removesuffix("_") for path in (root / FOLDER).glob("[!_]*.py"))


def choose(root: Path, names: list[str]) -> list[str]:
    """Return the benchmarks to run: those named, or all.

    Raises:
        ToldError: There is none of that name.
    """
    known = available(root)
    if unknown := [name for name in names if name not in known]:
        raise ToldError(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}")
    return names or known


def run(root: Path, name: str, *, people: int | None = None, data: Path | None = None) -> list[Figure]:
    """Run one benchmark on servers started for it, and stop them."""
    benchmark = _load(name)
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ansinh-bench-")))
        mongodb = stack.enter_context(SecantusServer(directory / "database"))
        broker = stack.enter_context(RabbitNode(directory / "broker"))
        os.chdir(root)
        return asyncio.run(_run(benchmark, Environment(directory, mongodb, broker, people, data)))


async def _run(benchmark: Benchmark, environment: Environment) -> list[Figure]:
    return await benchmark(environment)


def _load(name: str) -> Benchmark:
    """Return `run` of `tests/bench/<name>.py`; the root of the tree is on the path because `./dev` starts there."""
    module = importlib.import_module(f"tests.bench.{name}{'_' if iskeyword(name) else ''}")
    return cast("Benchmark", module.run)


def conditions() -> str:
    """Describe the machine: a figure means little without it."""
    load = os.getloadavg()[0]
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, load {load:.1f} at the start, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def write_json(path: Path, figures: list[Figure]) -> None:
    path.write_text(json.dumps([figure.as_json() for figure in figures], indent=1), encoding="utf-8")
