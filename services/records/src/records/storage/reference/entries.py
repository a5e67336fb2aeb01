"""What reference documents say, and how they are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from records.domain.look_up.names import bare
from records.domain.place import Area, Place

PAGE_DEFAULT: Final = 20


@dataclass(frozen=True, slots=True)
class Facility:
    """A healthcare facility: whether it has a contract for health insurance, and may issue sick-leave papers."""

    code: str
    name: str
    province_code: str
    address: str
    has_contract: bool
    issues_sick_leave: bool


@dataclass(frozen=True, slots=True)
class Employer:
    """An employer that takes part in social insurance."""

    code: str
    name: str
    province_code: str
    address: str


@dataclass(frozen=True, slots=True)
class CollectionOrganisation:
    """An organisation that collects contributions for the agency [tổ chức dịch vụ thu], and where to find it."""

    code: str
    name: str
    province_code: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class CollectionPoint:
    """Where contributions are paid: a point [điểm thu] of an organisation, or an agent [đại lý thu] at work for it.

    `places` tells where that is in each layout of administrative units, as far as it is known.
    """

    code: str
    kind: Literal["point", "agent"]
    name: str
    organisation_code: str
    province_code: str
    places: tuple[Place, ...]
    address: str
    phone: str

    @property
    def areas(self) -> frozenset[str]:
        """Every district, ward and hamlet it is in, as a search names them."""
        return frozenset(area_key(area) for place in self.places for area in place.areas())


@dataclass(frozen=True, slots=True)
class ReferenceEntries:
    facilities: tuple[Facility, ...] = ()
    employers: tuple[Employer, ...] = ()
    organisations: tuple[CollectionOrganisation, ...] = ()
    points: tuple[CollectionPoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A province, words that all stand in the name, marks or not, and a page of what is found, in order of codes.

    Of points, only those are found that are in each of `areas`.
    """

    province_code: str
    name: str = ""
    areas: tuple[Area, ...] = ()
    limit: int = PAGE_DEFAULT
    skip: int = 0


class Reference(Protocol):
    async def facilities(self, search: Search) -> list[Facility]: ...

    async def employers(self, search: Search) -> list[Employer]: ...

    async def organisations(self, search: Search) -> list[CollectionOrganisation]: ...

    async def points(self, search: Search) -> list[CollectionPoint]: ...


def point_of(entry: Mapping[str, Any]) -> CollectionPoint:
    """Return the point that this JSON object or document tells of."""
    places = tuple(Place.model_validate(place) for place in entry["places"])
    return CollectionPoint(**{**entry, "places": places})


def area_key(area: Area) -> str:
    """Return the area in one text; a hamlet is compared by its name without marks."""
    return area.unit if area.hamlet is None else f"{area.unit}/{bare(area.hamlet)}"
