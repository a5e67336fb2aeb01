"""The service over a real server: log, reservations and read models; keys in memory."""

from collections.abc import AsyncIterator

import pytest
from ansinh_kit.clock import SystemClock
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.mongo import Database, connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.reservations import MongoReservations
from records.events import EVENTS, UPCASTERS

from tests.records.feeding import Office
from tests.records.service import Service


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url, app_name="tests")
    yield client.database(database_name)
    client.close()


@pytest.fixture
def keyring() -> InMemoryKeyring:
    return InMemoryKeyring()


@pytest.fixture
async def store(database: Database, keyring: InMemoryKeyring) -> AsyncIterator[EventStore]:
    log = MongoCommitLog(database, clock=SystemClock())
    await log.start()
    yield EventStore(log, JsonCodec(EVENTS, PersonalDataCipher(keyring), UPCASTERS))
    await log.close()


@pytest.fixture
def office(database: Database, store: EventStore, keyring: InMemoryKeyring) -> Office:
    reservations = MongoReservations(database, clock=SystemClock())
    return Office(Service(real_store=store, keyring=keyring, reservations=reservations))
