"""The texts of every rule of this service, in the form the HTTP edge shows them. Each part adds its module."""

from types import ModuleType

from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.rules import RuleText, RuleTexts

from records.domain import birth_date, codes, email, free_text, papers, phone, text
from records.domain.benefits import benefit, placing
from records.domain.benefits import entry as benefit_entry
from records.domain.bulk import rules as bulk_rules
from records.domain.cards import card, number
from records.domain.cards import entry as card_entry
from records.domain.contributions import rules as contribution_rules
from records.domain.dispute import matter
from records.domain.feeding import outcome, refusal, values
from records.domain.rules import Rule
from records.domain.visits import costs
from records.domain.visits import entry as visit_entry

_MODULES: tuple[ModuleType, ...] = (
    birth_date,
    codes,
    email,
    papers,
    phone,
    text,
    free_text,
    bulk_rules,
    contribution_rules,
    matter,
    *(outcome, refusal, values),
    *(benefit, benefit_entry, placing),
    *(card, card_entry, number),
    *(costs, visit_entry),
)


def all_rules() -> dict[str, Rule]:
    """Return every rule the domain can refuse with, by name."""
    named = [value for module in _MODULES for value in vars(module).values() if isinstance(value, Rule)]
    return {rule.name: rule for rule in named}


def rule_texts() -> RuleTexts:
    return RuleTexts({name: _text(rule) for name, rule in all_rules().items()})


def _text(rule: Rule) -> RuleText:
    return RuleText(Bilingual(rule.message.vi, rule.message.en), Bilingual(rule.way_out.vi, rule.way_out.en))
