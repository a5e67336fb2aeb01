"""Every rule a row or field can be refused by has its own name, and words in both languages."""

import importlib
import pkgutil
from types import ModuleType

import records.domain
from records.domain.published_rules import all_rules
from records.domain.rules import Rule


def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(records.domain.__path__, "records.domain.")
    return [importlib.import_module(each.name) for each in found]


def rules() -> list[Rule]:
    return [value for module in modules() for value in vars(module).values() if isinstance(value, Rule)]


def test_no_two_rules_share_a_name() -> None:
    meanings: dict[str, Rule] = {}
    for rule in rules():
        assert meanings.setdefault(rule.name, rule) == rule, rule.name


def test_every_rule_of_the_domain_is_told_in_words() -> None:
    assert {rule.name for rule in rules()} <= set(all_rules())
    for rule in rules():
        assert all((rule.message.vi, rule.message.en, rule.way_out.vi, rule.way_out.en)), rule.name
