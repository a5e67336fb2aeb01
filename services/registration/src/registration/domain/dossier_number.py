"""The number a dossier keeps for life: sequence, year, agency."""

from datetime import datetime
from typing import Final

from ansinh_kit.working_days import VIETNAM

_AGENCY_DIGITS: Final = 5
_LAST_SEQUENCE: Final = 99_999


class DossierNumbersExhaustedError(Exception):
    """The agency has given out all five-digit numbers of the year. For an operator, not for a citizen."""

    def __init__(self, agency_code: str, year: int) -> None:
        super().__init__(f"agency {agency_code} has no dossier number left for {year}")


def dossier_year(at: datetime) -> int:
    """Return the calendar year in Viet Nam."""
    return at.astimezone(VIETNAM).year


def dossier_agency(agency_code: str) -> str:
    """Return the agency part: a provincial office (three digits) counts as office 00 of its province."""
    return agency_code.ljust(_AGENCY_DIGITS, "0")


def dossier_number(sequence: int, *, year: int, agency_code: str) -> str:
    """Return the number, as `00018/2026/06601`.

    Raises:
        DossierNumbersExhaustedError: `sequence` has more than five digits.
    """
    if sequence > _LAST_SEQUENCE:
        raise DossierNumbersExhaustedError(agency_code, year)
    return f"{sequence:05d}/{year:04d}/{dossier_agency(agency_code)}"
