"""The number a dispute keeps for life: `PA` [phản ánh], sequence, year, agency."""

from datetime import datetime
from typing import Final

from ansinh_kit.working_days import VIETNAM

_AGENCY_DIGITS: Final = 5


def series_of(agency_code: str, at: datetime) -> str:
    """Return which numbers are counted together: an agency's, of one calendar year in Viet Nam."""
    return f"{at.astimezone(VIETNAM).year:04d}/{agency_code.ljust(_AGENCY_DIGITS, '0')}"


def dispute_number(sequence: int, series: str) -> str:
    """Return the number, as `PA000018/2026/06601`; a provincial office counts as office 00 of its province."""
    return f"PA{sequence:06d}/{series}"
