"""Facilities, employers and organisations that collect, for anybody who took the trouble of a proof (V-08, V-09)."""

from dataclasses import asdict
from typing import Annotated, Final

from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict

from records.storage.reference import Reference, Search

ProvinceCode = Annotated[str, Query(pattern=r"^[0-9]{2}$")]
_PAGE_DEFAULT: Final = 20
_PAGE_MAX: Final = 100
_SKIP_MAX: Final = 10_000


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FacilityEntry(_Answer):
    code: str
    name: str
    province_code: str
    address: str
    has_contract: bool
    issues_sick_leave: bool


class FacilityList(_Answer):
    facilities: list[FacilityEntry]


class EmployerEntry(_Answer):
    code: str
    name: str
    province_code: str
    address: str


class EmployerList(_Answer):
    employers: list[EmployerEntry]


class OrganisationEntry(_Answer):
    code: str
    name: str
    province_code: str
    address: str
    phone: str


class OrganisationList(_Answer):
    organisations: list[OrganisationEntry]


async def _search(
    province: ProvinceCode,
    name: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=_PAGE_MAX)] = _PAGE_DEFAULT,
    skip: Annotated[int, Query(ge=0, le=_SKIP_MAX)] = 0,
) -> Search:
    return Search(province_code=province, name=name, limit=limit, skip=skip)


_Asked = Annotated[Search, Depends(_search)]


def reference_routes(*, human_check: HumanCheck, reference: Reference) -> APIRouter:
    router = APIRouter(prefix="/v1/public", tags=["look-ups"])

    @router.get("/facilities")
    async def find_facilities(_caller: AnyCaller, search: _Asked, proof: HumanProof = None) -> FacilityList:
        """Return facilities of a province by words of their name, marks or not."""
        await human_check.admit(proof)
        found = await reference.facilities(search)
        return FacilityList(facilities=[FacilityEntry(**asdict(facility)) for facility in found])

    @router.get("/employers")
    async def find_employers(_caller: AnyCaller, search: _Asked, proof: HumanProof = None) -> EmployerList:
        """Return employers of a province that take part, by words of their name, marks or not."""
        await human_check.admit(proof)
        found = await reference.employers(search)
        return EmployerList(employers=[EmployerEntry(**asdict(employer)) for employer in found])

    @router.get("/collection-organisations")
    async def find_organisations(_caller: AnyCaller, search: _Asked, proof: HumanProof = None) -> OrganisationList:
        """Return organisations that collect contributions in a province, by words of their name, marks or not."""
        await human_check.admit(proof)
        found = await reference.organisations(search)
        return OrganisationList(organisations=[OrganisationEntry(**asdict(each)) for each in found])

    return router
