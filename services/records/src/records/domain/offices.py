"""Which agency answers for which record. Source: 3 digits name a provincial office, 5 a grassroots one under it."""

from dataclasses import dataclass
from typing import Final

_PROVINCIAL_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Officer:
    """A member of staff at work: who, for which agency, in which of the office's roles."""

    officer_id: str
    agency_code: str
    role: str


def covers(agency_code: str, other: str) -> bool:
    """Say whether what `other` manages is `agency_code`'s business: its own, or a grassroots office's under it."""
    return agency_code == other or (len(agency_code) == _PROVINCIAL_DIGITS and other.startswith(agency_code))


def provincial_office(agency_code: str) -> str:
    """Return the provincial office above the agency; its own code if it is one."""
    return agency_code[:_PROVINCIAL_DIGITS]
