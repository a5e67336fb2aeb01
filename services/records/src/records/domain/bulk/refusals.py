"""How a row, or a whole file, is refused: where, by which rule, and what the value looked like."""

from dataclasses import dataclass

from records.domain.bulk.shapes import shape_of
from records.domain.rules import Rule


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why the row on `line` was not taken. It never holds a value, only its shape."""

    line: int
    rule: Rule
    column: str | None = None
    shape: str | None = None

    @classmethod
    def of_value(cls, line: int, rule: Rule, column: str, value: str) -> "Refusal":
        return cls(line, rule, column, shape_of(value))


class FileRefusedError(Exception):
    """The file as a whole cannot be read: nothing of it is taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.rule.name)
        self.refusal = refusal
