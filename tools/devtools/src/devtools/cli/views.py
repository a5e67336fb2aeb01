"""`./dev ops rebuild` and `rollback`: how far it is, how fast, and how long it will take."""

import time
from collections.abc import Iterator

from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from devtools.cli.console import console, done
from devtools.operations.views import Step


def show_rebuild(view: str, steps: Iterator[Step]) -> None:
    """Show a bar that moves with the log's positions until the view is switched, then say what became of it."""
    began = time.monotonic()
    folded: Step = {"events": 0}
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
    )
    with bar:
        task = bar.add_task(view, total=None, rate="")
        for step in steps:
            if step["step"] == "folded":
                folded = step
                _advance(bar, task, step, time.monotonic() - began)
            else:
                _say(view, step, f"{folded['events']:,} events in {time.monotonic() - began:.1f} s")


def show_roll_back(view: str, steps: Iterator[Step]) -> None:
    for step in steps:
        _say(view, step, "rolled back; it catches up from where it stood")


def _advance(bar: Progress, task: TaskID, step: Step, seconds: float) -> None:
    rate = f"{step['events'] / seconds:,.0f} events/s"
    bar.update(task, completed=step["position"], total=max(step["last_position"], step["position"]), rate=rate)


def _say(view: str, step: Step, how: str) -> None:
    if step["step"] == "switched":
        done(f"{view} is read from {step['collection']} now: {how}.")
    else:
        done(f"Dropped: {', '.join(step['collections']) or 'nothing was left'}.")
