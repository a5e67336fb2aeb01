"""Finding every declaration that names a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ansinh_kit.batches import IDS_AT_ONCE, batches
from ansinh_kit.database import Document
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.personal_data.blind_index import BlindIndex

from registration.domain.named_numbers import NamedNumber

_AT_MOST: Final = 10_000
_CATCH_UP_SECONDS: Final = 60.0


class Declared(Protocol):
    """What is asked of the read model `declared_numbers`."""

    async def find(
        self, query: Mapping[str, Any], *, sort: Sequence[tuple[str, int]], limit: int, skip: int = 0
    ) -> list[Document]: ...

    async def wait_for(self, position: int, *, timeout_seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class NamingDeclaration:
    """A declaration that names the person; `person_id` was drawn with it and holds its data."""

    person_id: str
    declaration_id: str


class Naming:
    def __init__(self, *, store: EventStore, declared: Declared, blind_index: BlindIndex) -> None:
        self._store = store
        self._declared = declared
        self._blind_index = blind_index

    async def find(self, numbers: Iterable[NamedNumber]) -> list[NamingDeclaration]:
        """Return every declaration that names one of the numbers, drafts and withdrawn ones too.

        Raises:
            UnavailableError: It cannot be told now: the read model is behind, or the database does not answer.
        """
        await self._declared.wait_for(await self._store.last_position(), timeout_seconds=_CATCH_UP_SECONDS)
        indexes = [index for number in numbers for index in self._blind_index.all_of(*number.index_key())]
        found: dict[str, NamingDeclaration] = {}
        for batch in batches(indexes, IDS_AT_ONCE):
            documents = await self._declared.find({"keys": {"$in": batch}}, sort=[("_id", 1)], limit=_AT_MOST)
            found |= {
                each["declaration_id"]: NamingDeclaration(each["person_id"], each["declaration_id"])
                for each in documents
            }
        return [found[key] for key in sorted(found)]
