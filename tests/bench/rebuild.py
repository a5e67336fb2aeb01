"""P-6: a read model built anew from the log, against a bare cursor over the same documents."""

import secrets
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ansinh_kit.database import Database
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.mongo_keyring import MongoKeyring
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.rebuild import rebuild
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, relative_spread

from tests.bench._periods import Participation, event_store, fill

PEOPLE = 5_000
FILES, ROWS = 2, 10
ROUNDS = 4
TARGET_RATIO, TARGET_PER_SECOND = 0.5, 10_000


@dataclass(frozen=True)
class Scene:
    """A full log, and what a new process needs to read it."""

    database: Database
    keyring_database: Database
    wrapper: LocalKeyWrapper
    log: MongoCommitLog
    events: int

    def cipher(self) -> PersonalDataCipher:
        """Return a cipher whose keyring has nothing in its cache, as in a process that has just started."""
        return PersonalDataCipher(MongoKeyring(self.keyring_database, self.wrapper))


async def run(environment: Environment) -> list[Figure]:
    async with full_log(environment.mongodb_url, environment.new_database_name()) as scene:
        scans, rebuilds = [], []
        # In turns, after one of each to warm up: what the machine does meanwhile hits both.
        for _ in range(ROUNDS + 1):
            scans.append(await scan_once(scene))
            rebuilds.append(await rebuild_once(scene))
    return [_figure(rebuilds[1:], scans[1:], scene.events)]


@asynccontextmanager
async def full_log(url: str, name: str, *, people: int = PEOPLE) -> AsyncIterator[Scene]:
    client = connect(url, app_name="bench-rebuild")
    database = client.database(name)
    wrapper = LocalKeyWrapper(KeyList((NamedKey("bench", secrets.token_bytes(32)),)))
    keyring_database = client.database(f"{name}_keyring")
    log = MongoCommitLog(database)
    await log.start()
    store = event_store(log, PersonalDataCipher(MongoKeyring(keyring_database, wrapper)))
    events = await fill(store, people=people, files=FILES, rows=ROWS)
    yield Scene(database, keyring_database, wrapper, log, events)
    await log.close()
    client.close()


async def scan_once(scene: Scene) -> float:
    """Return the events per second of a cursor that goes through the log and does nothing with it."""
    began = time.perf_counter()
    seen = 0
    async for commit in scene.database["commits"].find({}).sort([("_id", 1)]):
        seen += len(commit["events"])
    if seen != scene.events:
        raise AssertionError(f"{seen} events were scanned, not {scene.events}")
    return seen / (time.perf_counter() - began)


async def rebuild_once(scene: Scene) -> float:
    """Return the events per second of a rebuild, from its start to the switch; the build before is dropped after."""
    cipher = scene.cipher()
    store = event_store(scene.log, cipher)
    projector = Projector(store=store, database=scene.database, projection=Participation(), cipher=cipher)
    began = time.perf_counter()
    await rebuild(projector, store, report=lambda _: None)
    per_second = scene.events / (time.perf_counter() - began)
    await projector.generations.drop_inactive()
    return per_second


def _figure(rebuilds: list[float], scans: list[float], events: int) -> Figure:
    ratios = [rebuilt / scanned for rebuilt, scanned in zip(rebuilds, scans, strict=True)]
    ratio, per_second = statistics.median(ratios), statistics.median(rebuilds)
    return Figure(
        id="P-6",
        name="rebuild of participation with encrypted rows ÷ cursor over the log",
        value=per_second,
        unit="events/s",
        floor=statistics.median(scans),
        ratio=ratio,
        target=f">= {TARGET_RATIO} and >= {TARGET_PER_SECOND:,} events/s",
        met=ratio >= TARGET_RATIO and per_second >= TARGET_PER_SECOND,
        n=len(ratios),
        spread=relative_spread(ratios),
        detail={
            "events": events,
            "events a commit": ROWS,
            "people": PEOPLE,
            "ratios": [round(one, 3) for one in ratios],
            "rebuilds": [round(one) for one in rebuilds],
        },
    )
