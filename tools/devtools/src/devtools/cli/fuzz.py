"""`./dev fuzz`."""

import secrets
import tempfile
from pathlib import Path

from devtools.cli.console import console, done
from devtools.cli.ending import end_on_sigterm_as_on_ctrl_c
from devtools.errors import ToldError
from devtools.fuzz.callers import system_to_fuzz
from devtools.fuzz.fuzzer import FuzzRun, fuzz

_SEEDS = 2**32


def run(*, seconds: int, examples: int, seed: int | None, kinds: list[str], only_path: str | None) -> None:
    """Fuzz as each kind of caller in turn, whatever was found before.

    Raises:
        ToldError: Something was found.
    """
    end_on_sigterm_as_on_ctrl_c()
    wish = FuzzRun(seconds, examples, secrets.randbelow(_SEEDS) if seed is None else seed, only_path)
    console.print(f"seed {wish.seed}; again with: ./dev fuzz --seed {wish.seed}")
    with system_to_fuzz() as fuzzed, tempfile.TemporaryDirectory(prefix="ansinh-fuzzer-") as folder:
        found = []
        for caller in (one for one in fuzzed.callers if not kinds or one.kind in kinds):
            console.print(f"[bold]as {caller.kind}[/]")
            if not fuzz(fuzzed.layout.gateway_url, caller, wish, Path(folder)):
                found.append(caller.kind)
            fuzzed.must_still_be(caller)
    if found:
        raise ToldError(f"found something as {', '.join(found)}; again with: ./dev fuzz --seed {wish.seed}")
    done("No 500, and no answer that is not in the document.")
