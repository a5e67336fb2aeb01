"""What the story says of itself: each step, how long it took, and the first thing that was not as told."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.markup import escape


class NotAsToldError(Exception):
    """The system did something else than the story says."""


@dataclass(frozen=True, slots=True)
class Step:
    chapter: str
    title: str
    milliseconds: float
    passed: bool
    why: str | None = None


@dataclass
class Report:
    """Collects the steps in order; prints each as it ends unless `quiet`."""

    quiet: bool = False
    steps: list[Step] = field(default_factory=list)
    _chapter: str = ""
    _console: Console = field(default_factory=Console)

    def chapter(self, title: str) -> None:
        self._chapter = title
        if not self.quiet:
            self._console.print(f"\n[bold]{title}[/bold]")

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Time what is inside; an exception marks the step as failed and goes on its way."""
        started = time.perf_counter()
        try:
            yield
        except BaseException as error:
            self._add(title, started, why=str(error) or type(error).__name__)
            raise
        self._add(title, started, why=None)

    def _add(self, title: str, started: float, *, why: str | None) -> None:
        elapsed = (time.perf_counter() - started) * 1000
        step = Step(self._chapter, title, round(elapsed, 1), passed=why is None, why=why)
        self.steps.append(step)
        if self.quiet:
            return
        mark = "[green]✓[/green]" if step.passed else "[red]✗[/red]"
        self._console.print(f"  {mark} [dim]{elapsed:6.0f} ms[/dim]  {escape(title)}", soft_wrap=True, highlight=False)
        if why is not None:
            self._console.print(f"    {why}", style="red", markup=False, soft_wrap=True, highlight=False)

    @property
    def passed(self) -> bool:
        return bool(self.steps) and all(step.passed for step in self.steps)

    def summary(self) -> str:
        done = sum(step.passed for step in self.steps)
        seconds = sum(step.milliseconds for step in self.steps) / 1000
        return f"{done} of {len(self.steps)} steps as told, {seconds:.1f} s"

    def as_json(self) -> str:
        return json.dumps(
            {"passed": self.passed, "steps": [asdict(step) for step in self.steps]}, ensure_ascii=False, indent=2
        )


def expect(condition: bool, told: str) -> None:  # noqa: FBT001 - reads as a sentence: expect(x == y, "…")
    """Raise `NotAsToldError` with `told` unless the condition holds."""
    if not condition:
        raise NotAsToldError(told)
