"""How many rows met with what."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

Verdict = Literal["recorded", "corrected", "unchanged", "refused"]


class Counts(BaseModel):
    """Rows by what became of them. `unchanged` stood already as they are in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recorded: int = 0
    corrected: int = 0
    unchanged: int = 0
    refused: int = 0

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> Self:
        found = Counter(verdicts)
        return cls(
            recorded=found["recorded"],
            corrected=found["corrected"],
            unchanged=found["unchanged"],
            refused=found["refused"],
        )

    @property
    def rows(self) -> int:
        return self.recorded + self.corrected + self.unchanged + self.refused

    def plus(self, other: "Counts") -> "Counts":
        return Counts(
            recorded=self.recorded + other.recorded,
            corrected=self.corrected + other.corrected,
            unchanged=self.unchanged + other.unchanged,
            refused=self.refused + other.refused,
        )
