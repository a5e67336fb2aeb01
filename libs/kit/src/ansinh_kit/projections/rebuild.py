"""Build a read model anew beside the live one, then switch. Nothing else in the system notices."""

import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from math import inf
from typing import Final

from ansinh_kit.event_store.store import EventStore
from ansinh_kit.fewer_collections import fewer_collections
from ansinh_kit.projections.generations import Generation
from ansinh_kit.projections.projector import Projector

# With twenty rows in each document about 220 MB.
HELD_DOCUMENTS: Final = 10_000
_END_ASKED_EVERY_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is: log positions, not documents. `events` were folded so far; the end may be a second old."""

    position: int
    last_position: int
    events: int


async def rebuild(
    projector: Projector,
    store: EventStore,
    *,
    report: Callable[[Progress], None],
    held_documents: int = HELD_DOCUMENTS,
) -> Generation:
    """Fold the whole log into a new generation, let all readers use it, and return it.

    The live generation goes on until the switch; it stays afterwards, for `Generations.roll_back`, until
    `Generations.drop_inactive`. Killed before the switch, a rebuild leaves only an unread collection behind.

    Args:
        held_documents: How many documents may be in memory at once: more is faster where events of one document lie
            far apart in the log.

    Raises:
        GenerationGoneError: Somebody dropped the new generation before it was switched to.
    """
    built = await projector.generations.start_next()
    with fewer_collections():
        await _build(projector, store, built, report, held_documents)
    # What was written meanwhile is folded page by page, as when live, so that the switch shows no older state.
    built = await projector.catch_up(await projector.generations.get(built.number))
    await projector.generations.switch_to(built)
    return built


async def _build(
    projector: Projector,
    store: EventStore,
    generation: Generation,
    report: Callable[[Progress], None],
    held_documents: int,
) -> None:
    events = last_position = 0
    ask_again_at = -inf
    async with aclosing(projector.build(generation, held_documents=held_documents)) as pages:
        async for page in pages:
            events += len(page.events)
            # Not with every page: the answer stands behind the pages that are being read ahead.
            if time.monotonic() >= ask_again_at:
                last_position = await store.last_position()
                ask_again_at = time.monotonic() + _END_ASKED_EVERY_SECONDS
            report(Progress(page.read_through, max(page.read_through, last_position), events))
