"""Contact addresses in both layouts: with districts (to 06/2025) and without (since 07/2025)."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from registration.domain.rules import codes, text
from registration.domain.rules.entry import Entry
from registration.domain.rules.provinces import PROVINCES_WITH_DISTRICTS, PROVINCES_WITHOUT_DISTRICTS
from registration.domain.rules.refusal import Checks, Rule, RuleBrokenError, Text

Layout = Literal["with_districts", "without_districts"]

PROVINCES: Final[Mapping[Layout, Mapping[str, str]]] = {
    "with_districts": PROVINCES_WITH_DISTRICTS,
    "without_districts": PROVINCES_WITHOUT_DISTRICTS,
}

ADDRESS_LAYOUT: Final = Rule(
    "address_layout",
    Text(
        "Cần chọn cách ghi địa chỉ: có cấp huyện (đến 06/2025) hoặc không có cấp huyện (từ 07/2025).",
        "Choose how the address is written: with districts (to 06/2025) or without (since 07/2025).",
    ),
    Text("Chọn một trong hai cách.", "Choose one of the two."),
)
PROVINCE: Final = Rule(
    "known_province",
    Text("Không có tỉnh, thành phố với mã này.", "There is no province with this code."),
    Text("Chọn tỉnh, thành phố trong danh sách.", "Choose the province from the list."),
)
DISTRICT_NEEDED: Final = Rule(
    "district_needed",
    Text(
        "Địa chỉ theo cách ghi đến 06/2025 cần có quận, huyện.",
        "An address of the layout used to 06/2025 needs a district.",
    ),
    Text("Chọn quận, huyện, hoặc chọn cách ghi từ 07/2025.", "Choose a district, or the layout since 07/2025."),
)
NO_DISTRICT: Final = Rule(
    "no_district",
    Text("Từ 07/2025 địa chỉ không còn cấp huyện.", "Since 07/2025 addresses have no district."),
    Text("Bỏ quận, huyện, hoặc chọn cách ghi đến 06/2025.", "Leave the district out, or choose the old layout."),
)
ADDRESS_PART_NEEDED: Final = Rule(
    "address_part_needed",
    Text("Địa chỉ còn thiếu phần này.", "This part of the address is missing."),
    Text(
        "Điền tỉnh, xã và số nhà, tên đường hoặc thôn, xóm.",
        "Fill in the province, the ward, and house and street or hamlet.",
    ),
)
KNOWN_UNIT: Final = Rule(
    "known_unit",
    Text(
        "Không có đơn vị hành chính với mã này trong tỉnh, huyện đã chọn.",
        "There is no administrative unit with this code in the chosen province or district.",
    ),
    Text("Chọn lại trong danh sách.", "Choose from the list again."),
)


class AddressEntries(BaseModel):
    """An address as typed, not yet checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: Entry | None = None
    province_code: Entry | None = None
    district_code: Entry | None = None
    ward_code: Entry | None = None
    street: Entry | None = None


class Address(BaseModel):
    """A complete address, kept in the layout it was given in; `district_code` only in the layout with districts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: Layout
    province_code: str
    district_code: str | None = None
    ward_code: str
    street: str


def layout(raw: str) -> Layout:
    for known in PROVINCES:
        if raw == known:
            return known
    raise RuleBrokenError(ADDRESS_LAYOUT)


def check_address(entries: AddressEntries, checks: Checks) -> Address | None:
    """Return the address if it is whole; otherwise note each part that is wrong or missing and return `None`."""
    noted = len(checks.refusals)
    chosen = checks.value("address.layout", entries.layout, layout)
    province = checks.value("address.province_code", entries.province_code, codes.province_code)
    district = checks.value("address.district_code", entries.district_code, codes.district_code)
    ward = checks.value("address.ward_code", entries.ward_code, codes.ward_code)
    street = checks.value("address.street", entries.street, text.plain_line)
    if len(checks.refusals) > noted:
        return None
    if chosen is None or province is None or ward is None or street is None:
        _refuse_missing(checks, layout=chosen, province_code=province, ward_code=ward, street=street)
        return None
    _refuse_inconsistent(checks, chosen, province, district)
    if len(checks.refusals) > noted:
        return None
    return Address(layout=chosen, province_code=province, district_code=district, ward_code=ward, street=street)


def _refuse_missing(checks: Checks, **parts: str | None) -> None:
    for name, value in parts.items():
        if value is None:
            checks.refuse(f"address.{name}", ADDRESS_PART_NEEDED)


def _refuse_inconsistent(checks: Checks, chosen: Layout, province: str, district: str | None) -> None:
    if province not in PROVINCES[chosen]:
        checks.refuse("address.province_code", PROVINCE)
    if chosen == "with_districts" and district is None:
        checks.refuse("address.district_code", DISTRICT_NEEDED)
    if chosen == "without_districts" and district is not None:
        checks.refuse("address.district_code", NO_DISTRICT)
