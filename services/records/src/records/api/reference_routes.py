"""Facilities, employers and organisations that collect, for anybody who took the trouble of a proof (V-08, V-09)."""

from dataclasses import asdict

from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from records.api.reference_search import ReferenceSearch
from records.storage.reference.entries import Reference


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


def reference_routes(*, human_check: HumanCheck, reference: Reference) -> APIRouter:
    router = APIRouter(prefix="/v1/public", tags=["look-ups"])

    @router.get("/facilities")
    async def find_facilities(_caller: AnyCaller, search: ReferenceSearch, proof: HumanProof = None) -> FacilityList:
        """Return facilities of a province by words of their name, marks or not."""
        await human_check.admit(proof)
        found = await reference.facilities(search)
        return FacilityList(facilities=[FacilityEntry(**asdict(facility)) for facility in found])

    @router.get("/employers")
    async def find_employers(_caller: AnyCaller, search: ReferenceSearch, proof: HumanProof = None) -> EmployerList:
        """Return employers of a province that take part, by words of their name, marks or not."""
        await human_check.admit(proof)
        found = await reference.employers(search)
        return EmployerList(employers=[EmployerEntry(**asdict(employer)) for employer in found])

    @router.get("/collection-organisations")
    async def find_organisations(
        _caller: AnyCaller, search: ReferenceSearch, proof: HumanProof = None
    ) -> OrganisationList:
        """Return organisations that collect contributions in a province, by words of their name, marks or not."""
        await human_check.admit(proof)
        found = await reference.organisations(search)
        return OrganisationList(organisations=[OrganisationEntry(**asdict(each)) for each in found])

    return router
