"""What the system said yes to: the other side of the bargain that the logs are checked against."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Step = Literal["form", "photo", "submit", "claim", "valid"]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One 2xx: the step it answered, and the version of the declaration it named in its ETag."""

    declaration_id: str
    step: Step
    version: int


@dataclass
class Ledger:
    """Every acknowledged write of a load, and how hard it was to get."""

    entries: list[Acknowledged] = field(default_factory=list)
    phones: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    repeats: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, declaration_id: str, step: Step, version: int) -> None:
        self.entries.append(Acknowledged(declaration_id, step, version))

    def declarations(self, step: Step) -> set[str]:
        """Return the declarations for which this step was acknowledged."""
        return {entry.declaration_id for entry in self.entries if entry.step == step}

    def summary(self) -> str:
        repeats = ", ".join(f"{count} after {why}" for why, count in self.repeats.most_common())
        return (
            f"{len(self.declarations('valid'))} registrations; {self.requests} requests, {len(self.entries)} writes "
            f"acknowledged; repeated: {repeats or 'none'}"
        )
