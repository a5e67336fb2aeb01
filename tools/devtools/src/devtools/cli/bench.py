"""`./dev bench`."""

from pathlib import Path

from devtools.bench import runner
from devtools.bench.figure import Figure
from devtools.cli.console import console
from devtools.cli.ending import end_on_sigterm_as_on_ctrl_c
from devtools.system.layout import ROOT


def run(names: list[str], json_file: Path | None, *, people: int | None = None, data: Path | None = None) -> None:
    """Run the named benchmarks, or all; print one line each, and write the file even if a later one fails."""
    end_on_sigterm_as_on_ctrl_c()
    chosen = runner.choose(ROOT, names)
    console.print(f"[dim]{runner.conditions()}[/]")
    figures: list[Figure] = []
    try:
        for name in chosen:
            with console.status(f"measuring {name} …"):
                found = runner.run(ROOT, name, people=people, data=data)
            figures += found
            for figure in found:
                console.print(figure.line(), markup=False, soft_wrap=True)
    finally:
        if json_file is not None:
            runner.write_json(json_file, figures)
