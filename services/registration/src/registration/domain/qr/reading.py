"""What a scanned code gives: values for the form, and what could not be read. One refusal for everything else."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final, Literal, TypeVar

from ansinh_kit.errors import RefusedError

from registration.domain.rules.identity import IdentityDocument, Sex
from registration.domain.rules.refusal import RuleBrokenError

PAYLOAD_MAX_CHARACTERS: Final = 4_096  # a version-40 code in byte mode holds 2,953
FIELDS_MAX: Final = 32

CardKind = Literal["citizen_card", "health_card"]
QrDefect = Literal["empty", "too_long", "too_many_fields", "too_few_fields", "unknown_card"]
Value = TypeVar("Value")

_DATE: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})|([0-9]{2})([0-9]{2})([0-9]{4})")


class UnreadableQrError(RefusedError):
    """The payload is not a card we know. `defect` says why; the payload itself is never kept."""

    code: ClassVar[str] = "qr_unreadable"

    def __init__(self, defect: QrDefect) -> None:
        super().__init__(f"QR payload: {defect}")
        self.defect = defect


@dataclass(frozen=True, slots=True)
class CardReading:
    """Values as the form keeps them; `None` where the card has none. `unreadable` names fields that were damaged."""

    card: CardKind
    social_insurance_number: str | None = None
    full_name: str | None = None
    identity: IdentityDocument | None = None
    address_line: str | None = None
    birth_date: date | None = None
    birth_year: int | None = None
    sex: Sex | None = None
    unreadable: frozenset[str] = field(default_factory=frozenset)


class Damage:
    """Collects the names of fields that could not be read, so that one bad field does not lose the others."""

    def __init__(self) -> None:
        self._fields: set[str] = set()

    def note(self, name: str) -> None:
        self._fields.add(name)

    def reading(self, name: str, read: Callable[[], Value]) -> Value | None:
        """Return what `read` returns, or `None` with `name` noted if it cannot."""
        try:
            return read()
        except (RuleBrokenError, ValueError):
            self.note(name)
            return None

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(self._fields)


def split_fields(payload: str) -> list[str]:
    """Return the payload's fields, trimmed; line ends and empty fields at the end do not count.

    Raises:
        UnreadableQrError: There is nothing in it, or too much.
    """
    if len(payload) > PAYLOAD_MAX_CHARACTERS:
        raise UnreadableQrError("too_long")
    fields = [part.strip() for part in payload.strip().split("|")]
    while fields and not fields[-1]:
        fields.pop()
    if not fields:
        raise UnreadableQrError("empty")
    if len(fields) > FIELDS_MAX:
        raise UnreadableQrError("too_many_fields")
    return fields


def card_date(text: str) -> date:
    """Return the date of `ddMMyyyy` or `d/M/yyyy`.

    Raises:
        ValueError: It is neither, or there is no such day.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError("not a date of a card")
    day, month, year = (int(part) for part in match.groups() if part is not None)
    return date(year, month, day)
