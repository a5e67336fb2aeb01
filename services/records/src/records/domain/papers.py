"""Identity papers: several share a length, so the kind always stands beside the number."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from records.domain.codes import matching
from records.domain.language import Text
from records.domain.rules import Rule

PaperKind = Literal["citizen_id", "legacy_id", "passport"]
_CITIZEN_ID_DIGITS: Final = 12

CITIZEN_ID: Final = Rule(
    "citizen_id",
    Text("Số CCCD phải gồm đúng 12 chữ số.", "The number of a citizen card must have exactly 12 digits."),
    Text("Xem số trên mặt trước của thẻ.", "See the front of the card."),
)
LEGACY_ID: Final = Rule(
    "legacy_id",
    Text("Số CMND phải gồm 9 hoặc 12 chữ số.", "The number of an old identity card must have 9 or 12 digits."),
    Text("Xem số trên mặt trước của CMND.", "See the front of the card."),
)
PASSPORT: Final = Rule(
    "passport",
    Text(
        "Số hộ chiếu phải gồm 6 đến 20 chữ cái hoặc chữ số.",
        "The number of a passport must have 6 to 20 letters or digits.",
    ),
    Text("Xem số ở góc trên của trang có ảnh.", "See the top of the page with the photo."),
)
_PATTERNS: Final[dict[PaperKind, tuple[str, Rule]]] = {
    "citizen_id": (r"[0-9]{12}", CITIZEN_ID),
    "legacy_id": (r"[0-9]{9}|[0-9]{12}", LEGACY_ID),
    "passport": (r"[A-Z0-9]{6,20}", PASSPORT),
}


class IdentityPaper(BaseModel):
    """A paper's kind and number, the number as stored: no blanks, capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: PaperKind
    number: str

    @property
    def citizen_number(self) -> str | None:
        """The citizen number, if the paper bears it: the 12 digits of an old card are the same number."""
        bears_it = self.kind == "citizen_id" or (self.kind == "legacy_id" and len(self.number) == _CITIZEN_ID_DIGITS)
        return self.number if bears_it else None


def paper_number(raw: str, kind: PaperKind) -> str:
    """Return the number as stored.

    Raises:
        RuleBrokenError: It does not have the form of its kind.
    """
    pattern, rule = _PATTERNS[kind]
    return matching(raw, pattern, rule)
