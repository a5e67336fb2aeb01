"""Every rule the domain can refuse with, by its published name. Each part adds its module."""

from types import ModuleType

from records.domain import birth_date, codes, email, free_text, papers, phone, text
from records.domain.benefits import benefit, placing
from records.domain.benefits import cells as benefit_cells
from records.domain.benefits import check as benefit_check
from records.domain.bulk import rules as bulk_rules
from records.domain.cards import card, number
from records.domain.cards import entry as card_entry
from records.domain.contributions import rules as contribution_rules
from records.domain.dispute import matter
from records.domain.feeding import outcome, refusal, values
from records.domain.imports import rules as import_rules
from records.domain.look_up import areas
from records.domain.rules import Rule
from records.domain.visits import cells as visit_cells
from records.domain.visits import costs

_MODULES: tuple[ModuleType, ...] = (
    areas,
    birth_date,
    codes,
    email,
    papers,
    phone,
    text,
    free_text,
    bulk_rules,
    contribution_rules,
    import_rules,
    matter,
    *(outcome, refusal, values),
    *(benefit, benefit_cells, benefit_check, placing),
    *(card, card_entry, number),
    *(costs, visit_cells),
)


def all_rules() -> dict[str, Rule]:
    """Return every rule the domain can refuse with, by name."""
    named = [value for module in _MODULES for value in vars(module).values() if isinstance(value, Rule)]
    return {rule.name: rule for rule in named}
