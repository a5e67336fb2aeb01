"""The active builds of several projections at once: one question for all, and one write for all checkpoints."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ansinh_kit.database import Database, Document
from ansinh_kit.mongo import translated
from ansinh_kit.projections.generations import Generation, Generations, generation_of
from ansinh_kit.projections.registry import REGISTRY


class LiveBuilds:
    """What `Generations` knows of one projection, for all that one follower keeps current."""

    def __init__(self, database: Database, generations: Sequence[Generations]) -> None:
        self._registry = database[REGISTRY]
        self._generations: Final = generations

    async def make_first_ones(self) -> None:
        """See to it that every projection has a build."""
        for each in self._generations:
            await each.active_or_first()

    async def find(self) -> list[Generation | None]:
        """Return the active builds in the order of the projections; `None` for one that was dropped this moment."""
        with translated():
            # All of them: some dozens of small documents, which any choice would cost more to choose from.
            entries = {entry["_id"]: entry for entry in await self._registry.find({}).to_list()}
        return [_active(each, entries) for each in self._generations]

    async def advance(self, builds: Iterable[Generation], position: int) -> None:
        """Move these checkpoints forward, never back; call it only when the documents are written."""
        with translated():
            await self._registry.update_many(
                {"_id": {"$in": [build.id for build in builds]}}, {"$max": {"position": position}}
            )


def _active(generations: Generations, entries: Mapping[str, Document]) -> Generation | None:
    alias = entries.get(generations.alias_id)
    entry = None if alias is None else entries.get(generations.id_of(alias["active"]))
    return None if entry is None else generation_of(entry)
