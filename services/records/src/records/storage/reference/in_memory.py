"""The same look-ups over lists: for tests. It passes the same contract suite as the real one."""

from collections.abc import Sequence
from typing import TypeVar

from records.domain.look_up.names import bare_words
from records.storage.reference.entries import (
    CollectionOrganisation,
    CollectionPoint,
    Employer,
    Facility,
    ReferenceEntries,
    Search,
    area_key,
)

Entry = TypeVar("Entry", Facility, Employer, CollectionOrganisation, CollectionPoint)


class InMemoryReference:
    def __init__(self, entries: ReferenceEntries) -> None:
        self._entries = entries

    async def facilities(self, search: Search) -> list[Facility]:
        return _matching(self._entries.facilities, search)

    async def employers(self, search: Search) -> list[Employer]:
        return _matching(self._entries.employers, search)

    async def organisations(self, search: Search) -> list[CollectionOrganisation]:
        return _matching(self._entries.organisations, search)

    async def points(self, search: Search) -> list[CollectionPoint]:
        areas = {area_key(area) for area in search.areas}
        return _matching([point for point in self._entries.points if areas <= point.areas], search)


def _matching(entries: Sequence[Entry], search: Search) -> list[Entry]:
    words = set(bare_words(search.name))
    found = [
        entry
        for entry in entries
        if entry.province_code == search.province_code and words <= set(bare_words(entry.name))
    ]
    return sorted(found, key=lambda entry: entry.code)[search.skip : search.skip + search.limit]
