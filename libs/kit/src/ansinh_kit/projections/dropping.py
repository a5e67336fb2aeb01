"""Taking a build of a read model out of the database, however long the server needs for it."""

import asyncio
from typing import Final

import structlog

from ansinh_kit.backoff import Backoff
from ansinh_kit.database import Database
from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import translated

_PATIENCE_SECONDS: Final = 900.0
_TRY_AGAIN: Final = Backoff(first_seconds=0.2, longest_seconds=10.0)

log = structlog.get_logger(__name__)


async def drop_patiently(database: Database, collection: str, *, patience_seconds: float = _PATIENCE_SECONDS) -> None:
    """Return when the collection is gone.

    A million documents may take the server longer than the driver waits for an answer. It goes on without being
    waited for, and a drop of what is gone already is none: so it is asked again until it answers.

    Raises:
        UnavailableError: There was no answer for so long; whether the collection is there is not known.
    """
    deadline = asyncio.get_running_loop().time() + patience_seconds
    attempt = 1
    while True:
        try:
            with translated():
                await database.drop_collection(collection)
        except UnavailableError:
            attempt += 1
            wait_seconds = _TRY_AGAIN.seconds_before(attempt)
            if asyncio.get_running_loop().time() + wait_seconds > deadline:
                raise
            log.info("drop_not_answered_yet", collection=collection, attempt=attempt)
            await asyncio.sleep(wait_seconds)
        else:
            return
