"""Where somebody lives, by the codes of administrative units, as they were before 07/2025 or as they are since.

The same code means another place in the other layout, so the layout always stands beside it.
"""

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Layout = Literal["with_districts", "without_districts"]
_PROVINCE: Final = r"^[0-9]{2}$"
_DISTRICT: Final = r"^[0-9]{3}$"
_WARD: Final = r"^[0-9]{5}$"

ProvinceCode = Annotated[str, Field(pattern=_PROVINCE)]
DistrictCode = Annotated[str, Field(pattern=_DISTRICT)]
WardCode = Annotated[str, Field(pattern=_WARD)]


class Place(BaseModel):
    """A ward and what it lies in. Whether such a unit exists is known where addresses are entered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: Layout
    province_code: ProvinceCode
    district_code: DistrictCode | None = None
    ward_code: WardCode

    @model_validator(mode="after")
    def _has_a_district_where_there_are_districts(self) -> Self:
        if (self.district_code is None) == (self.layout == "with_districts"):
            raise ValueError("a district in the layout with districts, and none in the other")
        return self
