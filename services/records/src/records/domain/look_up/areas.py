"""In which district, ward or hamlet something is looked for, as far as that was said."""

from typing import Final

from records.domain.language import Text
from records.domain.place import Area, Layout
from records.domain.rules import Checks, Rule
from records.domain.text import plain_line

NO_DISTRICTS: Final = Rule(
    "no_districts",
    Text("Cách chia địa giới này không có cấp huyện.", "In this layout there are no districts."),
    Text(
        "Bỏ trống quận/huyện, hoặc chọn địa giới trước tháng 7/2025.",
        "Leave the district out, or choose the layout before July 2025.",
    ),
)
HAMLET_OF_A_WARD: Final = Rule(
    "hamlet_of_a_ward",
    Text("Thôn, xóm cần có phường/xã đi kèm.", "A hamlet is looked for in a ward."),
    Text("Chọn thêm phường/xã.", "Choose the ward, too."),
)


def areas_asked(
    checks: Checks, *, layout: Layout, district: str | None, ward: str | None, hamlet: str | None
) -> tuple[Area, ...]:
    """Return the areas that all have to fit: none if nothing was said. What does not go together is noted."""
    if district is not None and layout == "without_districts":
        checks.refuse("district", NO_DISTRICTS)
        return ()
    if hamlet is not None and ward is None:
        checks.refuse("hamlet", HAMLET_OF_A_WARD)
        return ()
    found = [] if district is None else [Area(layout=layout, district_code=district)]
    if ward is not None:
        name = checks.value("hamlet", hamlet, plain_line)
        found.append(Area(layout=layout, ward_code=ward, hamlet=name))
    return tuple(found)
