"""What can be exported and in which form, what each is called, and which parts of the record it shows."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from records.domain.benefits.kinds import TAB_LABELS, Tab
from records.domain.kind import KIND_LABELS, Kind
from records.domain.language import Text
from records.domain.parts import Part

What = Literal[
    "book",
    "participation-social",
    "participation-unemployment",
    "participation-accident",
    "participation-health",
    "benefits-one-off",
    "benefits-short-term",
    "benefits-monthly",
    "benefits-unemployment",
    "card",
    "visits",
]
WHATS: Final[tuple[What, ...]] = get_args(What)

Format = Literal["pdf", "csv", "json"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

PARTICIPATION: Final[Mapping[What, Kind]] = {
    "participation-social": "social",
    "participation-unemployment": "unemployment",
    "participation-accident": "accident",
    "participation-health": "health",
}

BENEFITS: Final[Mapping[What, Tab]] = {
    "benefits-one-off": "one-off",
    "benefits-short-term": "short-term",
    "benefits-monthly": "monthly",
    "benefits-unemployment": "unemployment",
}
_OF_KIND: Final[Mapping[Kind, What]] = {kind: what for what, kind in PARTICIPATION.items()}
_OF_TAB: Final[Mapping[Tab, What]] = {tab: what for what, tab in BENEFITS.items()}

TITLES: Final[Mapping[What, Text]] = {
    "book": Text("Sổ bảo hiểm xã hội", "Social-insurance book"),
    **{
        what: Text(f"Quá trình tham gia {KIND_LABELS[kind].vi}", f"Participation: {KIND_LABELS[kind].en}")
        for what, kind in PARTICIPATION.items()
    },
    **{
        what: Text(f"Thông tin hưởng: {TAB_LABELS[tab].vi}", f"Benefits: {TAB_LABELS[tab].en}")
        for what, tab in BENEFITS.items()
    },
    "card": Text("Thẻ BHYT", "Health card"),
    "visits": Text("Sổ khám chữa bệnh", "Medical-examination book"),
}

# Every file says whose it is: it shows some of the personal page beside its own content.
PARTS: Final[Mapping[What, tuple[Part, ...]]] = {
    "book": ("participation", "benefits", "person", "export"),
    **dict.fromkeys(PARTICIPATION, ("participation", "person", "export")),
    **dict.fromkeys(BENEFITS, ("benefits", "person", "export")),
    "card": ("card", "person", "export"),
    "visits": ("visits", "person", "export"),
}
"""The parts of the record that have to be open to who exports it, the most closed one first."""


def participation_of(kind: Kind) -> What:
    """Return the export of the list of one kind."""
    return _OF_KIND[kind]


def benefits_of(tab: Tab) -> What:
    """Return the export of one tab of benefits."""
    return _OF_TAB[tab]
