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
Hamlet = Annotated[str, Field(min_length=1, max_length=100)]
"""The name of a hamlet or a group of houses [thôn, xóm, tổ]; it has no code."""


class Place(BaseModel):
    """A ward, what it lies in, and the hamlet if known. Whether there are such is known where addresses are entered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: Layout
    province_code: ProvinceCode
    district_code: DistrictCode | None = None
    ward_code: WardCode
    hamlet: Hamlet | None = None

    @model_validator(mode="after")
    def _has_a_district_where_there_are_districts(self) -> Self:
        if (self.district_code is None) == (self.layout == "with_districts"):
            raise ValueError("a district in the layout with districts, and none in the other")
        return self

    def areas(self) -> tuple["Area", ...]:
        """Return the district where there are districts, the ward, and the hamlet: the person lives in each of them."""
        areas = [Area(layout=self.layout, ward_code=self.ward_code)]
        if self.district_code is not None:
            areas.insert(0, Area(layout=self.layout, district_code=self.district_code))
        if self.hamlet is not None:
            areas.append(Area(layout=self.layout, ward_code=self.ward_code, hamlet=self.hamlet))
        return tuple(areas)


class Area(BaseModel):
    """A district, a ward, or a hamlet of a ward, in the layout it is meant in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: Layout
    district_code: DistrictCode | None = None
    ward_code: WardCode | None = None
    hamlet: Hamlet | None = None

    @model_validator(mode="after")
    def _is_one_unit(self) -> Self:
        if (self.district_code is None) == (self.ward_code is None):
            raise ValueError("either a district or a ward")
        if self.district_code is not None and self.layout == "without_districts":
            raise ValueError("a district in the layout with districts only")
        if self.hamlet is not None and self.ward_code is None:
            raise ValueError("a hamlet of a ward only, not of a district")
        return self

    @property
    def unit(self) -> str:
        """The district or ward in one text, as `with_districts/district/643`; without the hamlet."""
        level = "ward" if self.district_code is None else "district"
        return f"{self.layout}/{level}/{self.district_code or self.ward_code}"
