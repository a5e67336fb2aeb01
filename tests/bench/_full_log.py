"""A log full of periods on the bench's own server, and what a new process needs to read it."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ansinh_kit.database import Database
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.mongo_keyring import MongoKeyring
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper
from ansinh_kit.projections.projector import Projector
from devtools.bench.environment import Environment

from tests.bench._periods import Participation, event_store, fill


@dataclass(frozen=True)
class FullLog:
    database: Database
    keyring_database: Database
    wrapper: LocalKeyWrapper
    log: MongoCommitLog
    events: int

    def fresh_projector(self) -> tuple[Projector, EventStore]:
        """Return a projector and its store with no data key in their cache, as in a process that has just started."""
        cipher = PersonalDataCipher(MongoKeyring(self.keyring_database, self.wrapper))
        store = event_store(self.log, cipher)
        projector = Projector(store=store, database=self.database, projection=Participation(), cipher=cipher)
        return projector, store


@asynccontextmanager
async def full_log(environment: Environment, *, people: int, files: int, rows: int) -> AsyncIterator[FullLog]:
    """Give a log with a commit of `rows` events for each of `people` in each of `files`."""
    client = connect(environment.mongodb_url, app_name="bench")
    database = client.database(environment.new_database_name())
    keyring_database = client.database(f"{database.name}_keyring")
    wrapper = LocalKeyWrapper(KeyList((NamedKey("bench", secrets.token_bytes(32)),)))
    log = MongoCommitLog(database)
    await log.start()
    store = event_store(log, PersonalDataCipher(MongoKeyring(keyring_database, wrapper)))
    events = await fill(store, people=people, files=files, rows=rows)
    yield FullLog(database, keyring_database, wrapper, log, events)
    await log.close()
    client.close()
