"""Which office is near: by province, district and words of its name, behind a proof like every look-up (V-07).

The list a form chooses from is another one: it comes whole, for a person who is filling the form in.
"""

from dataclasses import asdict
from typing import Annotated

from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter, Query

from registration.api import models
from registration.storage.agency_search import AgencySearch
from registration.storage.reference import Reference


def agency_routes(*, human_check: HumanCheck, reference: Reference) -> APIRouter:
    router = APIRouter(prefix="/v1/public", tags=["look-ups"])

    @router.get("/agencies")
    async def find_agencies(
        _caller: AnyCaller,
        province: Annotated[str, Query(pattern=r"^[0-9]{2}$")],
        district: Annotated[str | None, Query(pattern=r"^[0-9]{3}$")] = None,
        name: Annotated[str, Query(max_length=100)] = "",
        proof: HumanProof = None,
    ) -> models.Agencies:
        """Return agencies of a province by words of their name, marks or not.

        With a district, of the layout to 06/2025: those that serve its people, the provincial office among them.
        """
        await human_check.admit(proof)
        offices = await reference.agencies(province_code=province)
        found = AgencySearch(district_code=district, name=name).among(offices)
        return models.Agencies(agencies=[models.AgencyEntry(**asdict(agency)) for agency in found])

    return router
