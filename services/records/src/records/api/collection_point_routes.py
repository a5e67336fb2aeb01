"""Where contributions are paid: points and agents, by province, district, ward, hamlet and words of the name (V-06)."""

from dataclasses import replace
from typing import Annotated, Literal

from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict

from records.api.reference_search import ReferenceSearch
from records.domain.look_up.areas import areas_asked
from records.domain.place import Layout, Place
from records.domain.rules import Checks
from records.storage.reference.entries import Reference, Search


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PointEntry(_Answer):
    """`places` is where it is, by the codes of units, in each layout in which that is known."""

    code: str
    kind: Literal["point", "agent"]
    name: str
    organisation_code: str
    province_code: str
    places: list[Place]
    address: str
    phone: str


class PointList(_Answer):
    points: list[PointEntry]


async def _within(
    search: ReferenceSearch,
    layout: Annotated[Layout, Query()] = "without_districts",
    district: Annotated[str | None, Query(pattern=r"^[0-9]{3}$")] = None,
    ward: Annotated[str | None, Query(pattern=r"^[0-9]{5}$")] = None,
    hamlet: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
) -> Search:
    checks = Checks()
    areas = areas_asked(checks, layout=layout, district=district, ward=ward, hamlet=hamlet)
    checks.close()
    return replace(search, areas=areas)


PointSearch = Annotated[Search, Depends(_within)]


def collection_point_routes(*, human_check: HumanCheck, reference: Reference) -> APIRouter:
    router = APIRouter(prefix="/v1/public", tags=["look-ups"])

    @router.get("/collection-points")
    async def find_points(_caller: AnyCaller, search: PointSearch, proof: HumanProof = None) -> PointList:
        """Return points and agents of a province; of a district, ward or hamlet of it, if one is named.

        `district` and `ward` are codes in `layout`; a hamlet is named, marks or not, beside its ward.
        """
        await human_check.admit(proof)
        found = await reference.points(search)
        return PointList(points=[PointEntry.model_validate(point, from_attributes=True) for point in found])

    return router
