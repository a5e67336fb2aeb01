"""Receiving agencies and administrative units: plain documents, loaded from the files beside this module.

The files hold a small selection for development. Source: the public structure since 07/2025 (34 provincial offices,
grassroots offices under them) and the public lists of units; addresses and telephone numbers of offices, and which
districts each serves, are made up.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any, Final, Literal, Protocol

from ansinh_kit.mongo import Database, Document, ReplaceOne, translated

from registration.domain.address_match import Unit
from registration.domain.rules.address import Layout

_AGENCIES: Final = "agencies"
_UNITS: Final = "administrative_units"


@dataclass(frozen=True, slots=True)
class Agency:
    """A receiving agency. `code` has 3 digits for a provincial office, 5 for a grassroots one.

    `district_codes` are the districts, as they were to 06/2025, whose people a grassroots office serves.
    """

    code: str
    name: str
    kind: Literal["provincial", "grassroots"]
    province_code: str
    address: str
    phone: str
    district_codes: tuple[str, ...] = ()


class Reference(Protocol):
    """Look-ups that change by decree only. Lists come in the order of their codes."""

    async def find_agency(self, code: str) -> Agency | None: ...

    async def agencies(self, *, province_code: str | None = None) -> list[Agency]: ...

    async def units(
        self, layout: Layout, *, province_code: str | None = None, district_code: str | None = None
    ) -> list[Unit]:
        """Return districts and wards of a province, or the wards of one of its districts."""
        ...


def seed_agencies() -> list[Agency]:
    return [_agency(entry) for entry in _file("agencies.json")]


def seed_units() -> list[Unit]:
    return [Unit(**entry) for entry in _file("units.json")]


def _file(name: str) -> list[dict[str, Any]]:
    text = resources.files("registration.storage").joinpath("seed", name).read_text(encoding="utf-8")
    return list(json.loads(text))


class MongoReference:
    def __init__(self, database: Database) -> None:
        self._agencies = database[_AGENCIES]
        self._units = database[_UNITS]

    async def load(self, agencies: Sequence[Agency], units: Sequence[Unit]) -> None:
        """Write every entry, replacing what stands under its code; entries not named stay."""
        with translated():
            await self._units.create_index([("layout", 1), ("province_code", 1), ("district_code", 1)])
            await self._agencies.bulk_write(
                [ReplaceOne({"_id": agency.code}, asdict(agency), upsert=True) for agency in agencies]
            )
            await self._units.bulk_write(
                [ReplaceOne({"_id": _unit_key(unit)}, asdict(unit), upsert=True) for unit in units]
            )

    async def find_agency(self, code: str) -> Agency | None:
        with translated():
            found = await self._agencies.find_one({"_id": code})
        return None if found is None else _agency(found)

    async def agencies(self, *, province_code: str | None = None) -> list[Agency]:
        query = {} if province_code is None else {"province_code": province_code}
        with translated():
            found = await self._agencies.find(query).sort([("_id", 1)]).to_list()
        return [_agency(document) for document in found]

    async def units(
        self, layout: Layout, *, province_code: str | None = None, district_code: str | None = None
    ) -> list[Unit]:
        query = {"layout": layout, "province_code": province_code, "district_code": district_code}
        with translated():
            found = (
                await self._units.find({name: value for name, value in query.items() if value is not None})
                .sort([("code", 1)])
                .to_list()
            )
        return [_unit(document) for document in found]


class InMemoryReference:
    """The same look-ups over lists: for tests. It passes the same contract suite as the real one."""

    def __init__(self, agencies: Sequence[Agency], units: Sequence[Unit]) -> None:
        self._agencies = {agency.code: agency for agency in sorted(agencies, key=lambda agency: agency.code)}
        self._units = sorted(units, key=lambda unit: unit.code)

    async def find_agency(self, code: str) -> Agency | None:
        return self._agencies.get(code)

    async def agencies(self, *, province_code: str | None = None) -> list[Agency]:
        return [agency for agency in self._agencies.values() if province_code in (None, agency.province_code)]

    async def units(
        self, layout: Layout, *, province_code: str | None = None, district_code: str | None = None
    ) -> list[Unit]:
        return [
            unit
            for unit in self._units
            if unit.layout == layout
            and province_code in (None, unit.province_code)
            and district_code in (None, unit.district_code)
        ]


def _unit_key(unit: Unit) -> str:
    return f"{unit.layout}/{'district' if unit.is_district else 'ward'}/{unit.code}"


def _agency(document: Document) -> Agency:
    said = {name: value for name, value in document.items() if name != "_id"}
    return Agency(**{**said, "district_codes": tuple(said.get("district_codes", ()))})


def _unit(document: Document) -> Unit:
    return Unit(**{name: value for name, value in document.items() if name != "_id"})
