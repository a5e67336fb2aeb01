"""Build a read model anew beside the live one, then switch. Nothing else in the system notices."""

from collections.abc import Callable
from dataclasses import dataclass

from ansinh_kit.event_store.store import EventStore
from ansinh_kit.projections.generations import Generation
from ansinh_kit.projections.projector import Projector


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is: log positions, not documents."""

    position: int
    last_position: int


async def rebuild(projector: Projector, store: EventStore, *, report: Callable[[Progress], None]) -> Generation:
    """Fold the whole log into a new generation, let all readers use it, and return it.

    The live generation goes on until the switch; it stays afterwards, for `Generations.roll_back`, until
    `Generations.drop_inactive`. Killed before the switch, a rebuild leaves only an unread collection behind.
    """
    built = await projector.generations.start_next()
    async for reached in projector.pages(built):
        built = reached
        report(Progress(built.position, await store.last_position()))
    await projector.generations.switch_to(built)
    return built
