"""Which collection holds a read model: every rebuild makes a new generation, an alias says which one is read."""

from dataclasses import dataclass, replace
from typing import Final

from ansinh_kit.database import Database, Document
from ansinh_kit.mongo import DuplicateKeyError, translated
from ansinh_kit.projections.projection import Projection

REGISTRY: Final = "projections"


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


async def names_of_views(database: Database) -> frozenset[str]:
    """Return the names of the read models that have ever been built in this database."""
    with translated():
        aliases = await database[REGISTRY].distinct("alias")
    return frozenset(alias.partition("/")[0] for alias in aliases)


async def collections_of(database: Database, view: str) -> list[str]:
    """Return every collection that holds a build of the read model, of whatever version, read or not."""
    with translated():
        builds = await database[REGISTRY].find({"collection": {"$exists": True}}).to_list()
    return [build["collection"] for build in builds if build["alias"].partition("/")[0] == view]


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
        number = 1 if newest is None else newest["number"] + 1
        return await self._create(number)

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
        """Remove every generation that is not read, and return the collections dropped. No way back after it."""
        active = await self.active_or_first()
        with translated():
            others = await self._registry.find({"alias": self.alias_id, "number": {"$ne": active.number}}).to_list()
            await self._registry.update_one({"_id": self.alias_id}, {"$set": {"previous": None}})
            for other in others:
                await self._registry.delete_one({"_id": other["_id"]})
                await self._database.drop_collection(other["collection"])
        return [other["collection"] for other in others]

    async def _create(self, number: int) -> Generation:
        collection = self._collection_name(number)
        document: Document = {
            "_id": self.id_of(number),
            "alias": self.alias_id,
            "number": number,
            "collection": collection,
            "position": 0,
        }
        with translated():
            for index in self._projection.indexes:
                await self._database[collection].create_index(list(index.fields.items()))
        try:
            with translated():
                await self._registry.insert_one(document)
        except DuplicateKeyError:
            # Another process made the same generation first: its checkpoint counts, not our zero.
            return await self.get(number)
        return generation_of(document)

    async def get(self, number: int) -> Generation:
        """Return one build as it stands now.

        Raises:
            GenerationGoneError: It was dropped.
        """
        with translated():
            found = await self._registry.find_one({"_id": self.id_of(number)})
        if found is None:
            raise GenerationGoneError(self.id_of(number))
        return generation_of(found)

    def _collection_name(self, number: int) -> str:
        return f"view_{self._projection.name}_v{self._projection.version}_g{number}"

    def id_of(self, number: int) -> str:
        """Return under which id the registry has this build."""
        return f"{self.alias_id}/g{number}"


def generation_of(document: Document) -> Generation:
    """Return the build that this entry of the registry tells of."""
    return Generation(document["_id"], document["number"], document["collection"], document["position"])
