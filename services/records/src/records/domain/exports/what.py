"""What can be exported and in which form, what each is called, and which parts of the record it shows."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from records.domain.kind import KIND_LABELS, Kind
from records.domain.language import Text
from records.domain.parts import Part

What = Literal[
    "book",
    "participation-social",
    "participation-unemployment",
    "participation-accident",
    "participation-health",
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

_OF_KIND: Final[Mapping[Kind, What]] = {kind: what for what, kind in PARTICIPATION.items()}

TITLES: Final[Mapping[What, Text]] = {
    "book": Text("Sổ bảo hiểm xã hội", "Social-insurance book"),
    **{
        what: Text(f"Quá trình tham gia {KIND_LABELS[kind].vi}", f"Participation: {KIND_LABELS[kind].en}")
        for what, kind in PARTICIPATION.items()
    },
}

# Every file says whose it is: it shows some of the personal page beside its own content.
PARTS: Final[Mapping[What, tuple[Part, ...]]] = {
    "book": ("participation", "person", "export"),
    **dict.fromkeys(PARTICIPATION, ("participation", "person", "export")),
}
"""The parts of the record that have to be open to who exports it, the most closed one first."""


def participation_of(kind: Kind) -> What:
    """Return the export of the list of one kind."""
    return _OF_KIND[kind]
