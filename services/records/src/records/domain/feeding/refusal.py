"""What is wrong with one row: every field at fault with its rule, so that its sender sees all of them at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from ansinh_kit.errors import FieldViolation

from records.domain.language import Text
from records.domain.rules import Rule, RuleBrokenError

Checked = TypeVar("Checked")

# "required" has its texts in the kit: it is the rule of every form.
REQUIRED: Final = "required"
NOT_IN_THIS_KIND: Final = Rule(
    "not_in_this_kind",
    Text("Thông tin này không dùng cho loại đã chọn.", "This does not belong to the kind of this row."),
    Text("Bỏ trống ô này hoặc chọn loại khác.", "Leave it empty, or choose another kind."),
)


class RowRefusedError(Exception):
    """A row cannot be taken in as it is. `violations` names every field at fault and never holds a value.

    `against` are the ids of the rows on record that it contradicts.
    """

    def __init__(self, *violations: FieldViolation, against: tuple[str, ...] = ()) -> None:
        super().__init__(", ".join(f"{violation.field}: {violation.rule}" for violation in violations))
        self.violations = violations
        self.against = against


@dataclass(slots=True)
class RowChecks:
    """Collects what is wrong with the cells of one row; an empty cell stands for nothing."""

    violations: list[FieldViolation] = field(default_factory=list)

    def optional(self, name: str, raw: str, check: Callable[[str], Checked]) -> Checked | None:
        """Return the checked value; `None` if nothing was entered, or the rule is broken (and noted)."""
        if not raw.strip():
            return None
        try:
            return check(raw)
        except RuleBrokenError as broken:
            self.refuse(name, broken.rule)
            return None

    def required(self, name: str, raw: str, check: Callable[[str], Checked], *, otherwise: Checked) -> Checked:
        """Return the checked value. What is missing or wrong is noted, and `otherwise` lets the check go on."""
        if not raw.strip():
            self.violations.append(FieldViolation(name, REQUIRED))
            return otherwise
        checked = self.optional(name, raw, check)
        return otherwise if checked is None else checked

    def hold(self, holds: bool, name: str, rule: Rule) -> None:  # noqa: FBT001 - the condition is the argument
        """Note `rule` for the field unless it holds."""
        if not holds:
            self.refuse(name, rule)

    def refuse(self, name: str, rule: Rule) -> None:
        self.violations.append(FieldViolation(name, rule.name))

    def sound(self, *names: str) -> bool:
        """Say whether none of the fields was refused so far: rules over several fields ask that first."""
        return not any(violation.field in names for violation in self.violations)

    def close(self) -> None:
        """Raise `RowRefusedError` if anything was refused."""
        if self.violations:
            raise RowRefusedError(*self.violations)
