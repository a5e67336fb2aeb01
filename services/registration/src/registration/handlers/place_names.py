"""The names behind the codes of a form."""

from registration.domain.form import Form
from registration.domain.form_copy import PlaceNames
from registration.domain.rules.address import PROVINCES, Address
from registration.storage.reference import Reference


async def place_names(form: Form, reference: Reference) -> PlaceNames:
    """Return the names; where a code is in no list, the code itself stands for its name."""
    agency = await reference.find_agency(form.agency_code or "")
    return PlaceNames(
        agency=(form.agency_code or "") if agency is None else agency.name,
        address=() if form.address is None else await _units(form.address, reference),
    )


async def _units(address: Address, reference: Reference) -> tuple[str, ...]:
    known = await reference.units(address.layout, province_code=address.province_code)
    wards = {unit.code: unit.name for unit in known if not unit.is_district}
    districts = {unit.code: unit.name for unit in known if unit.is_district}
    names = [wards.get(address.ward_code, address.ward_code)]
    if address.district_code is not None:
        names.append(districts.get(address.district_code, address.district_code))
    return (*names, PROVINCES[address.layout][address.province_code])
