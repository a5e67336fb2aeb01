"""Find the units a card's one-line address names. A guess for the person to confirm, never a fact."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ansinh_kit.visible_text import without_marks

from registration.domain.rules.address import PROVINCES, AddressEntries, Layout

_KIND: Final = re.compile(
    r"^(thanh pho truc thuoc trung uong|thanh pho|tinh|tp|quan|huyen|thi xa|tx|phuong|xa|thi tran|tt|dac khu|p|q|h|x)"
    r"[. ]+"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit below the province: a district, or a ward (of a district in the old layout)."""

    layout: Layout
    code: str
    name: str
    province_code: str
    district_code: str | None = None
    is_district: bool = False


def match_address(line: str, units: Iterable[Unit]) -> AddressEntries | None:
    """Return the address entries the line names, read from the right; `None` if not even the province is known.

    The old layout is tried when the line names a district of it, since both layouts share most names.
    """
    parts = [part.strip() for part in line.split(",") if part.strip()]
    if not parts:
        return None
    known = list(units)
    with_districts = _match(parts, "with_districts", known)
    if with_districts is not None and with_districts.district_code is not None:
        return with_districts
    return _match(parts, "without_districts", known) or with_districts


def provinces_named(line: str) -> dict[Layout, str]:
    """Return the code, in each layout, of the province the line ends with; empty if it names none."""
    last = line.rsplit(",", 1)[-1].strip()
    codes = {layout: _province(last, layout) for layout in PROVINCES}
    return {layout: code for layout, code in codes.items() if code is not None}


def _match(parts: list[str], layout: Layout, units: list[Unit]) -> AddressEntries | None:
    province_code = _province(parts[-1], layout)
    if province_code is None:
        return None
    here = [unit for unit in units if unit.layout == layout and unit.province_code == province_code]
    rest = parts[:-1]
    district = _take(rest, [unit for unit in here if unit.is_district])
    district_code = None if district is None else district.code
    wards = [unit for unit in here if not unit.is_district and unit.district_code == district_code]
    ward = _take(rest, wards)
    return AddressEntries(
        layout=layout,
        province_code=province_code,
        district_code=district_code,
        ward_code=None if ward is None else ward.code,
        street=", ".join(rest) or None,
    )


def _province(name: str, layout: Layout) -> str | None:
    found = [code for code, known in PROVINCES[layout].items() if _same(known, name)]
    return found[0] if len(found) == 1 else None


def _take(parts: list[str], units: list[Unit]) -> Unit | None:
    """Return the one unit the last part names, and take that part away; leave `parts` alone if none or several."""
    if not parts:
        return None
    found = [unit for unit in units if _same(unit.name, parts[-1])]
    if len(found) != 1:
        return None
    parts.pop()
    return found[0]


def _same(known: str, given: str) -> bool:
    return _bare(known) == _bare(given)


def _bare(name: str) -> str:
    return _KIND.sub("", without_marks(name)).strip()
