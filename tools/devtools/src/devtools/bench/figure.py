"""One measured figure, in the form that machines compare and people read."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The distribution of samples, in the unit of its figure."""

    n: int
    p50: float
    p95: float
    p99: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> Self:
        """Summarise samples; percentiles by nearest rank, so each is a value that was measured.

        Raises:
            ValueError: There are no samples.
        """
        if not samples:
            raise ValueError("no samples")
        ordered = sorted(samples)
        return cls(
            n=len(ordered),
            p50=_rank(ordered, 0.50),
            p95=_rank(ordered, 0.95),
            p99=_rank(ordered, 0.99),
            lowest=ordered[0],
            highest=ordered[-1],
        )


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`value` is ours and `floor` the other side's, in the same unit; `ratio` is what `target` speaks of.

    Attributes:
        target: As targets are written, such as `>= 1.5`.
        met: Whether the target is reached; None where there is none.
        detail: What else a reader needs to believe the figure, such as sizes and callers.
    """

    id: str
    name: str
    value: float
    unit: str
    target: str
    met: bool | None
    floor: float | None = None
    ratio: float | None = None
    n: int = 0
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    spread: float | None = None
    detail: dict[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def line(self) -> str:
        """Return the figure on one line."""
        sides = f"{_short(self.value)} {self.unit}"
        if self.floor is not None:
            sides += f" / {_short(self.floor)}"
        if self.ratio is not None:
            sides += f" = {self.ratio:.2f}"
        verdict = {True: "met", False: "NOT met", None: "no target"}[self.met]
        return f"{self.id:>5}  {self.name}: {sides}  (target {self.target}: {verdict})  {self._distribution()}".rstrip()

    def _distribution(self) -> str:
        parts = [f"n={self.n}"] if self.n else []
        for name in ("p50", "p95", "p99"):
            value = getattr(self, name)
            if value is not None:
                parts.append(f"{name}={_short(value)}")
        if self.spread is not None:
            parts.append(f"±{self.spread:.0%}")
        return " ".join(parts)


def relative_spread(samples: Sequence[float]) -> float:
    """Return how far runs of the same thing lie apart: (highest - lowest) / median."""
    spread = Spread.of(samples)
    return (spread.highest - spread.lowest) / spread.p50 if spread.p50 else math.inf


def _rank(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three digits are enough to read
