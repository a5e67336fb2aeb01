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


def in_charge(agency_code: str, managing: str, *, restricted: bool) -> bool:
    """Say whether the agency may look after a record `managing` manages; a restricted one is for that agency alone."""
    return agency_code == managing if restricted else covers(agency_code, managing)


def province_of(agency_code: str) -> str:
    """Return the old two-digit code of the agency's province: `66` of `06601`."""
    return agency_code[1:_PROVINCIAL_DIGITS]


def provincial_office(agency_code: str) -> str:
    """Return the provincial office above the agency; its own code if it is one."""
    return agency_code[:_PROVINCIAL_DIGITS]
