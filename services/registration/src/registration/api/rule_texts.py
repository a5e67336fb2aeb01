"""The texts of every rule of this service, in the form the HTTP edge shows them."""

from typing import Final

from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.rules import RuleText, RuleTexts

from registration.domain import form, photos, reasons
from registration.domain.rules import address, certificate, choices, codes, email, identity, phone, text
from registration.domain.rules.refusal import Rule

_MODULES: Final = (form, reasons, address, certificate, choices, codes, email, identity, phone, text)


def all_rules() -> dict[str, Rule]:
    """Return every rule the domain can refuse with, by name."""
    named = [value for module in _MODULES for value in vars(module).values() if isinstance(value, Rule)]
    return {rule.name: rule for rule in (*named, *photos.PHOTO_RULES)}


def rule_texts() -> RuleTexts:
    return RuleTexts({name: _text(rule) for name, rule in all_rules().items()})


def _text(rule: Rule) -> RuleText:
    return RuleText(
        Bilingual(rule.message.vi, rule.message.en),
        Bilingual(rule.way_out.vi, rule.way_out.en),
    )
