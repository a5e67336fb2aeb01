"""What is known in a database of the builds of all its read models."""

import re
from typing import Final

from ansinh_kit.database import Database
from ansinh_kit.mongo import translated

REGISTRY: Final = "projections"


async def names_of_views(database: Database) -> frozenset[str]:
    """Return the names of the read models that have ever been built in this database."""
    with translated():
        aliases = await database[REGISTRY].distinct("alias")
    return frozenset(alias.partition("/")[0] for alias in aliases)


async def collections_of(database: Database, view: str) -> list[str]:
    """Return every collection that holds a build of the read model, of whatever version, read or not, named or not."""
    build = re.compile(rf"view_{re.escape(view)}_v[0-9]+_g[0-9]+")
    with translated():
        names = await database.list_collection_names()
    return sorted(name for name in names if build.fullmatch(name))
