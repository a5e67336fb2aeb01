"""How a value is refused: the field, the rule it breaks, and a way out, in both languages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ansinh_kit.errors import FieldViolation, InvalidFieldsError

from registration.domain.language import Language

Raw = TypeVar("Raw")
Checked = TypeVar("Checked")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the two languages people are addressed in."""

    vi: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Rule:
    """A published rule. Clients branch on `name`, so it never changes; people read the rest."""

    name: str
    message: Text
    way_out: Text


class RuleBrokenError(Exception):
    """A single value breaks `rule`. The form check turns it into a `FieldRefusal`; it never leaves the domain."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.name)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class FieldRefusal:
    """Which field breaks which rule. Never carries the value: refusals are logged and shown."""

    field: str
    rule: Rule


class FormRefusedError(InvalidFieldsError):
    """At least one field breaks its rule. `refusals` names every such field, in the order of the form."""

    def __init__(self, refusals: Sequence[FieldRefusal]) -> None:
        super().__init__([FieldViolation(refusal.field, refusal.rule.name) for refusal in refusals])
        self._refusals = tuple(refusals)

    @property
    def refusals(self) -> tuple[FieldRefusal, ...]:
        return self._refusals


@dataclass(slots=True)
class Checks:
    """Collects the refusals of one form, so that a person sees all of them at once."""

    refusals: list[FieldRefusal] = field(default_factory=list)

    def value(self, name: str, raw: Raw | None, check: Callable[[Raw], Checked]) -> Checked | None:
        """Return the checked value; `None` if nothing was entered or the rule is broken (and noted)."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        try:
            return check(raw)
        except RuleBrokenError as broken:
            self.refuse(name, broken.rule)
            return None

    def refuse(self, name: str, rule: Rule) -> None:
        self.refusals.append(FieldRefusal(name, rule))

    def close(self) -> None:
        """Raise `FormRefusedError` if anything was refused."""
        if self.refusals:
            raise FormRefusedError(self.refusals)
