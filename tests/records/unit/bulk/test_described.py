"""The description of bulk files names every column there is, and no other."""

import re
from pathlib import Path

import pytest
from records.domain.benefits.entry import BenefitEntry
from records.domain.bulk.columns import Columns
from records.domain.bulk.contributions import CONTRIBUTION_COLUMNS, NUMBERS
from records.domain.bulk.participants import PARTICIPANT_COLUMNS
from records.domain.cards.entry import CardEntry
from records.domain.visits.entry import VisitEntry
from records.handlers.importing.entries import columns_of

DESCRIPTION = Path(__file__).parents[4] / "docs" / "bulk-files.md"
COLUMNS = {
    "participants": PARTICIPANT_COLUMNS,
    "contributions": CONTRIBUTION_COLUMNS,
    "benefits": columns_of(BenefitEntry),
    "cards": columns_of(CardEntry),
    "visits": columns_of(VisitEntry),
}


@pytest.mark.parametrize(("kind", "columns"), COLUMNS.items())
def test_the_description_names_every_column(kind: str, columns: Columns) -> None:
    (line,) = [
        line for line in DESCRIPTION.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{kind}` |")
    ]
    described = re.findall(r"`([a-z0-9_]+)`", re.sub(r"\([^)]*\)", "", line.split("|")[2]))
    common = () if kind == "participants" else NUMBERS
    assert sorted([*described, *common]) == sorted(columns.names)
