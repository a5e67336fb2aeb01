"""Look-ups anyone may make: receiving agencies, administrative units, and what a scanned card says."""

from dataclasses import asdict
from typing import Annotated

from ansinh_kit.clock import Clock
from ansinh_kit.http.callers import AnyCaller
from fastapi import APIRouter, Query

from registration.api import models
from registration.domain.address_match import Unit, match_address, provinces_named
from registration.domain.qr.read import read_card
from registration.domain.qr.reading import CardReading
from registration.domain.rules.address import PROVINCES, AddressEntries, Layout
from registration.domain.rules.identity import citizen_id_warnings
from registration.storage.reference import Reference

ProvinceCode = Annotated[str | None, Query(pattern=r"^[0-9]{2}$")]
DistrictCode = Annotated[str | None, Query(pattern=r"^[0-9]{3}$")]


def reference_routes(*, reference: Reference, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["look-ups"])

    @router.get("/agencies")
    async def read_agencies(_caller: AnyCaller, province: ProvinceCode = None) -> models.Agencies:
        """Return the receiving agencies, of one province or all."""
        found = await reference.agencies(province_code=province)
        return models.Agencies(agencies=[models.AgencyEntry(**asdict(agency)) for agency in found])

    @router.get("/units")
    async def read_units(
        _caller: AnyCaller, layout: Layout, province: ProvinceCode = None, district: DistrictCode = None
    ) -> models.Units:
        """Return the provinces of a layout; with a province its districts or wards; with a district its wards."""
        if province is None:
            return models.Units(units=[_province(code, name) for code, name in PROVINCES[layout].items()])
        found = await reference.units(layout, province_code=province, district_code=district)
        if layout == "with_districts" and district is None:
            found = [unit for unit in found if unit.is_district]
        return models.Units(units=[_unit(unit) for unit in found])

    @router.post("/qr/read")
    async def read_qr(body: models.QrBody, _caller: AnyCaller) -> models.QrReading:
        """Return what a citizen card's or health card's code says, as values for the form."""
        card = read_card(body.payload)
        return _reading(card, await _address(card, reference), clock)

    return router


def _province(code: str, name: str) -> models.UnitEntry:
    return models.UnitEntry(code=code, name=name, level="province", province_code=code, district_code=None)


def _unit(unit: Unit) -> models.UnitEntry:
    return models.UnitEntry(
        code=unit.code,
        name=unit.name,
        level="district" if unit.is_district else "ward",
        province_code=unit.province_code,
        district_code=unit.district_code,
    )


async def _address(card: CardReading, reference: Reference) -> AddressEntries | None:
    if card.address_line is None:
        return None
    units: list[Unit] = []
    for layout, province_code in provinces_named(card.address_line).items():
        units += await reference.units(layout, province_code=province_code)
    return match_address(card.address_line, units)


def _reading(card: CardReading, address: AddressEntries | None, clock: Clock) -> models.QrReading:
    warnings = (
        ()
        if card.identity is None
        else citizen_id_warnings(
            card.identity.number, today=clock.now().date(), sex=card.sex, birth_date=card.birth_date
        )
    )
    return models.QrReading(
        card=card.card,
        social_insurance_number=card.social_insurance_number,
        full_name=card.full_name,
        identity=card.identity,
        address=address,
        address_line=card.address_line,
        birth_date=card.birth_date,
        birth_year=card.birth_year,
        sex=card.sex,
        unreadable=sorted(card.unreadable),
        warnings=list(warnings),
    )
