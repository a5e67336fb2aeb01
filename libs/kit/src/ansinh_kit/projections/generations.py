"""Which collection holds a read model: every rebuild makes a new generation, an alias says which one is read."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from ansinh_kit.database import Database, Document
from ansinh_kit.mongo import DuplicateKeyError, translated
from ansinh_kit.projections.dropping import drop_patiently
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.registry import REGISTRY

_GIVEN_UP: Final = "given_up"
"""Stands in the entry of a build that is being dropped."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One build of a read model, `id` in the registry. `position` is how far the log is folded into `collection`."""

    id: str
    number: int
    collection: str
    position: int


class NoEarlierGenerationError(Exception):
    """There is nothing to roll back to: the read model was never rebuilt, or the earlier build was dropped."""


class GenerationGoneError(Exception):
    """The generation was dropped while it was in use: read the alias again."""


class Generations:
    """The generations of one projection at one version, in the service's own database.

    A new version of the code starts with generations of its own, so that old and new processes can run side by
    side, each reading what it understands.
    """

    def __init__(self, database: Database, projection: Projection) -> None:
        self._database = database
        self._registry = database[REGISTRY]
        self._projection = projection
        self.alias_id: Final = f"{projection.name}/v{projection.version}"

    async def active(self) -> Generation | None:
        """Return the generation that is read; `None` before the first one was made."""
        with translated():
            alias = await self._registry.find_one({"_id": self.alias_id})
        return None if alias is None else await self.get(alias["active"])

    async def active_collection(self) -> str | None:
        """Return the name of the collection that is read, with one question; `None` before the first was made."""
        with translated():
            alias = await self._registry.find_one({"_id": self.alias_id})
        return None if alias is None else self._collection_name(alias["active"])

    async def active_or_first(self) -> Generation:
        """Return the generation that is read, making the first one if need be. Safe to call from two processes."""
        found = await self.active()
        if found is not None:
            return found
        await self._create(1)
        with translated():
            await self._registry.update_one(
                {"_id": self.alias_id}, {"$setOnInsert": {"active": 1, "previous": None}}, upsert=True
            )
        return await self.active_or_first()

    async def start_next(self) -> Generation:
        """Make an empty generation beside the active one; nobody reads it until `switch_to`."""
        with translated():
            newest = await self._registry.find_one({"alias": self.alias_id}, sort=[("number", -1)])
        # Not where something lies already: documents of a build that was not dropped to its end would be built upon.
        taken = [0 if newest is None else newest["number"], *await self._collections()]
        return await self._create(max(taken) + 1)

    async def advance(self, generation: Generation, position: int) -> Generation:
        """Move the checkpoint forward, never back; call it only when the documents are written."""
        with translated():
            await self._registry.update_one({"_id": generation.id}, {"$max": {"position": position}})
        return replace(generation, position=position)

    async def switch_to(self, generation: Generation) -> None:
        """Let all readers use `generation` from now on; the one before stays for `roll_back`.

        Raises:
            GenerationGoneError: It was dropped meanwhile.
        """
        await self.get(generation.number)
        before = await self.active_or_first()
        with translated():
            await self._registry.update_one(
                {"_id": self.alias_id}, {"$set": {"active": generation.number, "previous": before.number}}
            )

    async def roll_back(self) -> Generation:
        """Let all readers use the generation before; it catches up from where it stood.

        Raises:
            NoEarlierGenerationError: There is none.
        """
        with translated():
            alias = await self._registry.find_one({"_id": self.alias_id})
        if alias is None or alias["previous"] is None:
            raise NoEarlierGenerationError(self.alias_id)
        with translated():
            await self._registry.update_one(
                {"_id": self.alias_id}, {"$set": {"active": alias["previous"], "previous": alias["active"]}}
            )
        return await self.active_or_first()

    async def drop_inactive(self) -> list[str]:
        """Remove every build of this version that is not read; return the collections dropped. No way back after it.

        The registry names a build until its collection is gone, so that the next call goes on where one was cut off.
        Collections it names no more are dropped as well: who did not hear of a drop may have written to one since.

        Raises:
            UnavailableError: The database does not answer. Call again.
        """
        active = await self.active_or_first()
        dropped = [*await self._give_up_all_but(active), *await self._unnamed_collections()]
        for collection in dropped:
            await drop_patiently(self._database, collection)
            with translated():
                await self._registry.delete_one({"alias": self.alias_id, "collection": collection})
        return dropped

    async def _give_up_all_but(self, active: Generation) -> list[str]:
        """Let nobody switch to another build any more; return the collections of the others."""
        others = {"alias": self.alias_id, "number": {"$ne": active.number}}
        with translated():
            await self._registry.update_one({"_id": self.alias_id}, {"$set": {"previous": None}})
            await self._registry.update_many(others, {"$set": {_GIVEN_UP: True}})
            given_up = await self._registry.find({**others, _GIVEN_UP: True}).sort([("number", 1)]).to_list()
        return [entry["collection"] for entry in given_up]

    async def _unnamed_collections(self) -> list[str]:
        # In this order: a build is entered before its collection is made, so one that begins now is no stray.
        there = await self._collections()
        with translated():
            entries = await self._registry.find({"alias": self.alias_id}).to_list()
        named = {entry["collection"] for entry in entries}
        return [collection for collection in there.values() if collection not in named]

    async def _collections(self) -> dict[int, str]:
        """Return the collections of this version that are in the database, by number."""
        with translated():
            names = await self._database.list_collection_names()
        prefix = self._collection_name("")
        numbers = (name.removeprefix(prefix) for name in names if name.startswith(prefix))
        return {number: self._collection_name(number) for number in sorted(int(n) for n in numbers if n.isdecimal())}

    async def _create(self, number: int) -> Generation:
        generation = Generation(self.id_of(number), number, self._collection_name(number), position=0)
        entry = {
            "_id": generation.id,
            "alias": self.alias_id,
            "number": number,
            "collection": generation.collection,
            "position": generation.position,
        }
        try:
            with translated():
                await self._registry.insert_one(entry)
        except DuplicateKeyError:
            # Another process made the same generation first: its checkpoint counts, not our zero. It may have died
            # before the indexes were made.
            generation = await self.get(number)
        with translated():
            for index in self._projection.indexes:
                await self._database[generation.collection].create_index(list(index.fields.items()))
        return generation

    async def get(self, number: int) -> Generation:
        """Return one build as it stands now.

        Raises:
            GenerationGoneError: It was dropped.
        """
        with translated():
            found = await self._registry.find_one({"_id": self.id_of(number)})
        if found is None or _GIVEN_UP in found:
            raise GenerationGoneError(self.id_of(number))
        return generation_of(found)

    def _collection_name(self, number: int | Literal[""]) -> str:
        return f"view_{self._projection.name}_v{self._projection.version}_g{number}"

    def id_of(self, number: int) -> str:
        """Return under which id the registry has this build."""
        return f"{self.alias_id}/g{number}"


def generation_of(document: Document) -> Generation:
    """Return the build that this entry of the registry tells of."""
    return Generation(document["_id"], document["number"], document["collection"], document["position"])
