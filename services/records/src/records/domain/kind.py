"""The four kinds of insurance, and what an employer pays into them is recorded as."""

from typing import Final, Literal, get_args

from records.domain.language import Text

Kind = Literal["social", "unemployment", "accident", "health"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

# S-29: the labels people choose a kind by, letter for letter.
KIND_LABELS: Final[dict[Kind, Text]] = {
    "social": Text("BHXH", "Social insurance"),
    "unemployment": Text("BHTN", "Unemployment insurance"),
    "accident": Text("BHTNLĐ-BNN", "Occupational accident and disease insurance"),
    "health": Text("BHYT", "Health insurance"),
}
