"""How a value is refused: the field, the rule it breaks, and a way out, in both languages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ansinh_kit.errors import FieldViolation, InvalidFieldsError

from records.domain.language import Text

Raw = TypeVar("Raw")
Checked = TypeVar("Checked")


@dataclass(frozen=True, slots=True)
class Rule:
    """A published rule. Clients branch on `name`, so it never changes; people read the rest."""

    name: str
    message: Text
    way_out: Text


class RuleBrokenError(Exception):
    """A single value breaks `rule`; `Checks` turns it into the violation of a field. It never carries the value."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.name)
        self.rule = rule


@dataclass(slots=True)
class Checks:
    """Collects what is wrong with one request, so that all of it can be told at once."""

    violations: list[FieldViolation] = field(default_factory=list)

    def value(self, name: str, raw: Raw | None, check: Callable[[Raw], Checked]) -> Checked | None:
        """Return the checked value; `None` if nothing was given or the rule is broken (and noted)."""
        if raw is None:
            return None
        try:
            return check(raw)
        except RuleBrokenError as broken:
            self.refuse(name, broken.rule)
            return None

    def refuse(self, name: str, rule: Rule) -> None:
        self.violations.append(FieldViolation(name, rule.name))

    def close(self) -> None:
        """Return if nothing was refused.

        Raises:
            InvalidFieldsError: With every violation, in the order of the checks.
        """
        if self.violations:
            raise InvalidFieldsError(self.violations)

    def passed(self, value: Checked | None) -> Checked:
        """Return the value that the checks have made.

        Raises:
            InvalidFieldsError: Something was refused; with every violation, in the order of the checks.
        """
        if self.violations or value is None:
            raise InvalidFieldsError(self.violations)
        return value
