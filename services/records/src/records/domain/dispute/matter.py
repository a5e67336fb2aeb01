"""What a dispute is about."""

from dataclasses import dataclass
from typing import Final, Literal

from records.domain.language import Text
from records.domain.rules import Rule

Subject = Literal["period", "benefit", "card", "visit", "identity"]
Nature = Literal["error", "fraud"]
Outcome = Literal["corrected", "stands", "withdrawn"]
Step = Literal["opened", "assigned", "answered", "escalated", "corrected", "stands", "withdrawn"]

UNKNOWN_REFERENCE: Final = Rule(
    "unknown_reference",
    Text("Trong hồ sơ không có nội dung này.", "There is no such thing in the record."),
    Text(
        "Chọn nội dung từ hồ sơ; bỏ trống nếu nội dung bị thiếu.",
        "Choose it from the record; leave it out if something is missing.",
    ),
)
IDENTITY_FIELDS: Final = frozenset(
    ("full_name", "birth_date", "sex", "social_insurance_number", "papers", "address", "phone", "email")
)
"""What a reference names where the identity is disputed: the fields of the personal page that tell who and where."""

_FRAUD_IF_UNTRUE: Final[frozenset[Subject]] = frozenset({"visit"})
_HEALTH_DATA: Final[frozenset[Subject]] = frozenset({"visit"})


@dataclass(frozen=True, slots=True)
class Matter:
    """The subject, and which one of its kind: its id, or the field of the identity. `None`: one that is missing."""

    subject: Subject
    reference: str | None = None

    @property
    def nature(self) -> Nature:
        """Care that was billed and not given is fraud; anything else is an error until shown otherwise (V-28)."""
        return "fraud" if self.subject in _FRAUD_IF_UNTRUE else "error"

    @property
    def is_health_data(self) -> bool:
        """What a person says of a visit is health data like the visit itself (S-47)."""
        return self.subject in _HEALTH_DATA
