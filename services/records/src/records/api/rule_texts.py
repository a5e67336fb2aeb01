"""The texts of every rule of this service, in the form the HTTP edge shows them."""

from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.rules import RuleText, RuleTexts

from records.domain.published_rules import all_rules
from records.domain.rules import Rule


def rule_texts() -> RuleTexts:
    return RuleTexts({name: _text(rule) for name, rule in all_rules().items()})


def _text(rule: Rule) -> RuleText:
    return RuleText(Bilingual(rule.message.vi, rule.message.en), Bilingual(rule.way_out.vi, rule.way_out.en))
