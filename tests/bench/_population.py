"""Very many participants, loaded while no service runs: into the log, then into the read models as a rebuild does."""

import asyncio
import sys
import time
from pathlib import Path

from ansinh_kit.foundation import Foundation
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.projector import Projector
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
    participation = _projector(records, PROJECTIONS[READ])
    await rebuild(participation, records.store, report=lambda _: None)
    await participation.generations.drop_inactive()
    others = [_projector(records, one) for one in all_projections(records.blind_index) if one.name != READ]
    await asyncio.gather(*(_follow(each) for each in others))


async def _follow(projector: Projector) -> None:
    await projector.catch_up(await projector.generations.active_or_first())


def _projector(records: Foundation, projection: Projection) -> Projector:
    return Projector(store=records.store, database=records.database, projection=projection, cipher=records.cipher)


def _there(noted: Path) -> int:
    return int(noted.read_text()) if noted.exists() else 0


def _tell(progress: str) -> None:
    sys.stderr.write(f"growth: {progress}\n")
