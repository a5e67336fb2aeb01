"""Reference documents on the server, one collection for each kind."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final, TypeVar

from ansinh_kit.mongo import Collection, Database, Document, ReplaceOne, translated

from records.domain.look_up.names import bare_words
from records.storage.reference.entries import (
    CollectionOrganisation,
    CollectionPoint,
    Employer,
    Facility,
    ReferenceEntries,
    Search,
    area_key,
    point_of,
)

_WORDS: Final = "words"
_AREAS: Final = "areas"
_OURS: Final = frozenset({"_id", _WORDS, _AREAS})
"""What stands in a document beside the entry: what it is found by."""

Entry = TypeVar("Entry", Facility, Employer, CollectionOrganisation)


class MongoReference:
    def __init__(self, database: Database) -> None:
        self._facilities = database["facilities"]
        self._employers = database["employers"]
        self._organisations = database["collection_organisations"]
        self._points = database["collection_points"]

    async def load(self, entries: ReferenceEntries) -> None:
        """Write every entry, replacing what stands under its code; entries not named stay."""
        await _write(self._facilities, [_document(each) for each in entries.facilities])
        await _write(self._employers, [_document(each) for each in entries.employers])
        await _write(self._organisations, [_document(each) for each in entries.organisations])
        await _write(self._points, [_point_document(each) for each in entries.points])

    async def facilities(self, search: Search) -> list[Facility]:
        return [Facility(**entry) for entry in await _found(self._facilities, search)]

    async def employers(self, search: Search) -> list[Employer]:
        return [Employer(**entry) for entry in await _found(self._employers, search)]

    async def organisations(self, search: Search) -> list[CollectionOrganisation]:
        return [CollectionOrganisation(**entry) for entry in await _found(self._organisations, search)]

    async def points(self, search: Search) -> list[CollectionPoint]:
        return [point_of(entry) for entry in await _found(self._points, search)]


def _document(entry: Entry) -> Document:
    return {"_id": entry.code, **asdict(entry), _WORDS: bare_words(entry.name)}


def _point_document(point: CollectionPoint) -> Document:
    places = [place.model_dump() for place in point.places]
    found_by: Document = {_WORDS: bare_words(point.name), _AREAS: sorted(point.areas)}
    return {"_id": point.code, **asdict(point), "places": places, **found_by}


async def _write(collection: Collection, documents: Sequence[Document]) -> None:
    with translated():
        await collection.create_index([("province_code", 1), (_WORDS, 1)])
        await collection.bulk_write([ReplaceOne({"_id": each["_id"]}, each, upsert=True) for each in documents])


async def _found(collection: Collection, search: Search) -> list[Document]:
    query: Document = {"province_code": search.province_code}
    if words := bare_words(search.name):
        query[_WORDS] = {"$all": words}
    if search.areas:
        query[_AREAS] = {"$all": [area_key(area) for area in search.areas]}
    with translated():
        cursor = collection.find(query).sort([("_id", 1)]).skip(search.skip).limit(search.limit)
        found = await cursor.to_list()
    return [{name: value for name, value in entry.items() if name not in _OURS} for entry in found]
