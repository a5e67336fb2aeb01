"""Why contributions say no to a single period. Codes are public; facts carry ids, never values."""

from collections.abc import Iterable
from typing import ClassVar

from ansinh_kit.errors import NotFoundError, RefusedError


class PeriodNotFoundError(NotFoundError):
    """The participant has no such standing period."""

    code: ClassVar[str] = "period_not_found"


class PeriodContradictsError(RefusedError):
    """Another standing period of the same kind and employer has months of it; `period_ids` names them."""

    code: ClassVar[str] = "period_contradicts"

    def __init__(self, period_ids: Iterable[str]) -> None:
        super().__init__("another period of the same employer has months of this one")
        self.period_ids = sorted(period_ids)


class KindFixedError(RefusedError):
    """A correction does not change the kind of insurance: withdraw the period and record it anew."""

    code: ClassVar[str] = "period_kind_fixed"


class ContributionsErasedError(NotFoundError):
    """The participant was forgotten: what was recorded cannot be read by anyone any more."""

    code: ClassVar[str] = "record_erased"
