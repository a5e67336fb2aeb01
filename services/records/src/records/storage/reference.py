"""Facilities, participating employers and organisations that collect contributions: plain documents.

They are loaded from the files beside this module, a small selection for development: codes have the public structure
(a facility's begins with the old province code), all names, addresses and phones are made up.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any, Final, Protocol, TypeVar

from ansinh_kit.mongo import Collection, Database, Document, ReplaceOne, translated

from records.domain.look_up.names import bare_words

_FACILITIES: Final = "facilities"
_EMPLOYERS: Final = "employers"
_ORGANISATIONS: Final = "collection_organisations"
_WORDS: Final = "words"


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


Entry = TypeVar("Entry", Facility, Employer, CollectionOrganisation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A province, words that all stand in the name, marks or not, and a page of what is found, in order of codes."""

    province_code: str
    name: str = ""
    limit: int = 20
    skip: int = 0


class Reference(Protocol):
    async def facilities(self, search: Search) -> list[Facility]: ...

    async def employers(self, search: Search) -> list[Employer]: ...

    async def organisations(self, search: Search) -> list[CollectionOrganisation]: ...


def seed_facilities() -> list[Facility]:
    return [Facility(**entry) for entry in _file("facilities.json")]


def seed_employers() -> list[Employer]:
    return [Employer(**entry) for entry in _file("employers.json")]


def seed_organisations() -> list[CollectionOrganisation]:
    return [CollectionOrganisation(**entry) for entry in _file("collection_organisations.json")]


def _file(name: str) -> list[dict[str, Any]]:
    text = resources.files("records.storage").joinpath("seed", name).read_text(encoding="utf-8")
    return list(json.loads(text))


class MongoReference:
    def __init__(self, database: Database) -> None:
        self._facilities = database[_FACILITIES]
        self._employers = database[_EMPLOYERS]
        self._organisations = database[_ORGANISATIONS]

    async def load(
        self,
        facilities: Sequence[Facility],
        employers: Sequence[Employer],
        organisations: Sequence[CollectionOrganisation],
    ) -> None:
        """Write every entry, replacing what stands under its code; entries not named stay."""
        await _load(self._facilities, facilities)
        await _load(self._employers, employers)
        await _load(self._organisations, organisations)

    async def facilities(self, search: Search) -> list[Facility]:
        return [Facility(**entry) for entry in await _found(self._facilities, search)]

    async def employers(self, search: Search) -> list[Employer]:
        return [Employer(**entry) for entry in await _found(self._employers, search)]

    async def organisations(self, search: Search) -> list[CollectionOrganisation]:
        return [CollectionOrganisation(**entry) for entry in await _found(self._organisations, search)]


class InMemoryReference:
    """The same look-ups over lists: for tests. It passes the same contract suite as the real one."""

    def __init__(
        self,
        facilities: Sequence[Facility],
        employers: Sequence[Employer],
        organisations: Sequence[CollectionOrganisation],
    ) -> None:
        self._facilities = facilities
        self._employers = employers
        self._organisations = organisations

    async def facilities(self, search: Search) -> list[Facility]:
        return _matching(self._facilities, search)

    async def employers(self, search: Search) -> list[Employer]:
        return _matching(self._employers, search)

    async def organisations(self, search: Search) -> list[CollectionOrganisation]:
        return _matching(self._organisations, search)


async def _load(collection: Collection, entries: Sequence[Entry]) -> None:
    writes = [
        ReplaceOne({"_id": entry.code}, {**asdict(entry), _WORDS: bare_words(entry.name)}, upsert=True)
        for entry in entries
    ]
    with translated():
        await collection.create_index([("province_code", 1), (_WORDS, 1)])
        await collection.bulk_write(writes)


async def _found(collection: Collection, search: Search) -> list[Document]:
    query: Document = {"province_code": search.province_code}
    if words := bare_words(search.name):
        query[_WORDS] = {"$all": words}
    with translated():
        cursor = collection.find(query).sort([("_id", 1)]).skip(search.skip).limit(search.limit)
        found = await cursor.to_list()
    return [{name: value for name, value in entry.items() if name not in ("_id", _WORDS)} for entry in found]


def _matching(entries: Sequence[Entry], search: Search) -> list[Entry]:
    words = set(bare_words(search.name))
    found = [
        entry
        for entry in entries
        if entry.province_code == search.province_code and words <= set(bare_words(entry.name))
    ]
    return sorted(found, key=lambda entry: entry.code)[search.skip : search.skip + search.limit]
