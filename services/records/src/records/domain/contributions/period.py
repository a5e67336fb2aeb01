"""A contribution period: months at one employer in which nothing changed."""

import hashlib
from decimal import Decimal
from json.encoder import encode_basestring_ascii as _quoted
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from records.domain.counting.rows import Currency, Row, Status
from records.domain.kind import Kind
from records.domain.month import Month

_ID_DIGITS: Final = 32


class Allowances(BaseModel):
    """What is added to a coefficient: amounts, or percentages for the two kinds of seniority."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    position: Decimal | None = None
    over_frame_seniority: Decimal | None = None
    professional_seniority: Decimal | None = None
    wage: Decimal | None = None
    additional_payments: Decimal | None = None


class PeriodDetail(BaseModel):
    """The personal part of a period. `value` is the contribution value: up to 100 a coefficient, above it money."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    employer_name: str
    workplace: str | None = None
    occupation: str
    position: str | None = None
    title: str | None = None
    value: Decimal
    currency: Currency = "VND"
    allowances: Allowances = Allowances()
    movement_code: str | None = None
    contract: str | None = None
    note: str | None = None


class Period(NamedTuple):
    """Both months are included. `detail` is `None` once the participant was forgotten. Equal periods are one fact.

    A tuple, because several are made for each row of a file, and a frozen dataclass takes three times as long to make.
    """

    kind: Kind
    from_month: Month
    to_month: Month
    employer_code: str
    status: Status
    detail: PeriodDetail | None

    def meets(self, other: "Period") -> bool:
        """Say whether the two share a month."""
        return self.from_month <= other.to_month and other.from_month <= self.to_month

    def row(self, period_id: str) -> Row:
        """Return the period as counting sees it."""
        return Row(
            period_id=period_id,
            employer_code=self.employer_code,
            from_month=self.from_month,
            to_month=self.to_month,
            status=self.status,
            movement_code=self.detail.movement_code if self.detail else None,
            value=self.detail.value if self.detail else None,
            currency=self.detail.currency if self.detail else "VND",
        )


def period_id_of(participant_id: str, period: Period) -> str:
    """Return the id the period has when it is recorded first: the same row of any file always gets the same.

    The participant's id is 128 random bits and part of it, so that nobody finds a period by guessing an occupation.
    """
    texts = (participant_id, period.kind, period.employer_code, period.from_month.iso, period.to_month.iso)
    occupation = _quoted(period.detail.occupation) if period.detail else "null"
    # The JSON list of all six, spelled out: `json.dumps` of it takes three times as long, for each row of a file.
    natural_key = f"[{', '.join(map(_quoted, texts))}, {occupation}]"
    return hashlib.sha256(natural_key.encode()).hexdigest()[:_ID_DIGITS]
