"""Very many participants, loaded while no service runs: into the log, then into the read models as a rebuild does."""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ansinh_contracts.publications import RECORDS
from ansinh_kit.clock import SystemClock
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.foundation import Foundation
from ansinh_kit.messaging.lease import Lease
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.reading_ahead import pages_after
from ansinh_kit.projections.rebuild import rebuild
from records.projections.catalogue import PROJECTIONS, all_projections

from tests.bench._careers import record_people
from tests.bench._running import database_alone

READ = "participation"
PERIODS_EACH = 4
# What is noted is there; a run that was cut short loads again what it had not noted, which are other people.
LOADED_AT_ONCE = 10_000


async def load(folder: Path, people: int) -> None:
    """Have `people` participants in the system of this folder, with every read model at the end of the log."""
    recorded, projected = folder / "participants", folder / "projected"
    if _there(projected) >= people:
        return
    async with database_alone(folder) as records:
        await _record(records, people, recorded)
        _tell("read models")
        await _project(records)
        await _publish(records)
    projected.write_text(str(_there(recorded)))


async def _record(records: Foundation, people: int, noted: Path) -> None:
    began, before = time.monotonic(), _there(noted)
    while (there := _there(noted)) < people:
        some = min(LOADED_AT_ONCE, people - there)
        await record_people(records.store, some, periods=PERIODS_EACH, cipher=records.cipher)
        noted.write_text(str(there + some))  # noqa: ASYNC240 - a few bytes, and nothing else is under way
        per_second = (there + some - before) / (time.monotonic() - began)
        _tell(f"{there + some:,} of {people:,} participants, {per_second:.0f} a second")


async def _project(records: Foundation) -> None:
    """Bring every read model to the end of the log: the largest as a rebuild does, the others side by side."""
    participation = _projector(records, PROJECTIONS[READ])
    here = await participation.generations.active_or_first()
    if here.position < await records.store.last_position():
        await rebuild(participation, records.store, report=lambda _: None)
        await participation.generations.drop_inactive()
    _tell("the other read models")
    others = [_projector(records, one) for one in all_projections(records.blind_index) if one.name != READ]
    await _follow(others, records.store)


async def _follow(projectors: Sequence[Projector], store: EventStore) -> None:
    """Read each page once for all of them; their checkpoints move at the end."""
    builds = [await projector.generations.active_or_first() for projector in projectors]
    position = min(build.position for build in builds)
    async with pages_after(store, position) as pages:
        async for page in pages:
            folding = zip(projectors, builds, strict=True)
            await asyncio.gather(*(projector.fold(page.events, build) for projector, build in folding))
            position = page.read_through
    for projector, build in zip(projectors, builds, strict=True):
        await projector.generations.advance(build, position)


async def _publish(records: Foundation) -> None:
    """Let the relay begin at the end of the log: what came before was published long ago."""
    lease = Lease(records.database, RECORDS.producer, clock=SystemClock())
    await lease.try_take()
    await lease.save_known(
        (consumer, event.name) for consumer, events in RECORDS.subscribers.items() for event in events
    )
    await lease.give_back(await records.store.last_position())


def _projector(records: Foundation, projection: Projection) -> Projector:
    return Projector(store=records.store, database=records.database, projection=projection, cipher=records.cipher)


def _there(noted: Path) -> int:
    return int(noted.read_text()) if noted.exists() else 0


def _tell(progress: str) -> None:
    sys.stderr.write(f"growth: {progress}\n")
