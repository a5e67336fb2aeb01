import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import Database, Document, connect, translated
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import DataKey, DataKeyMissingError, SubjectErasedError
from ansinh_kit.personal_data.mongo_keyring import MongoKeyring
from ansinh_kit.personal_data.rotation import rewrap_all
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper, WrappedKey, WrappingKeyError

from tests.kit.personal_data.keyring_contract import OTHER, SUBJECT, KeyringContract

OLD = NamedKey("2025", b"o" * 32)
NEW = NamedKey("2026", b"n" * 32)

pytestmark = pytest.mark.mongo


class Stopwatch:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url, app_name="keyring-test")
    yield client.database(database_name)
    client.close()


def open_keyring(
    database: Database, stopwatch: Stopwatch | None = None, *, keys: tuple[NamedKey, ...] = (OLD,)
) -> MongoKeyring:
    return MongoKeyring(database, LocalKeyWrapper(KeyList(keys)), monotonic_seconds=stopwatch or Stopwatch())


class TestMongoKeyring(KeyringContract):
    @pytest.fixture
    def keyring(self, database: Database) -> MongoKeyring:
        return open_keyring(database)


class TestMongoKeyringWithoutCache(KeyringContract):
    @pytest.fixture
    def keyring(self, database: Database) -> MongoKeyring:
        return MongoKeyring(database, LocalKeyWrapper(KeyList((OLD,))), cache_seconds=0)


@pytest.mark.sec("LIM-28")
async def test_what_another_process_forgot_is_unreadable_after_sixty_seconds(database: Database) -> None:
    stopwatch = Stopwatch()
    reader = open_keyring(database, stopwatch)
    cipher = PersonalDataCipher(reader)
    blob = await cipher.encrypt(SUBJECT, b"value", context="here")

    await open_keyring(database).forget(SUBJECT)

    stopwatch.seconds += 59.9
    assert await cipher.decrypt(SUBJECT, blob, context="here") == b"value"
    stopwatch.seconds += 0.1
    assert await cipher.decrypt(SUBJECT, blob, context="here") is None
    with pytest.raises(SubjectErasedError):
        await cipher.encrypt(SUBJECT, b"value", context="here")


async def test_a_renewed_key_of_another_process_is_found_at_once(database: Database) -> None:
    one, other = open_keyring(database), open_keyring(database)
    await one.data_key(SUBJECT)
    await other.data_key(SUBJECT)
    renewed = await other.renew(SUBJECT)
    assert await one.find_data_key(SUBJECT, renewed.version) == renewed


async def test_two_processes_that_renew_at_once_agree_on_the_new_version(database: Database) -> None:
    keyrings = [open_keyring(database) for _ in range(4)]
    await keyrings[0].data_key(SUBJECT)
    renewed = await asyncio.gather(*(keyring.renew(SUBJECT) for keyring in keyrings))
    newest = await open_keyring(database).data_key(SUBJECT)
    assert max(key.version for key in renewed) == newest.version
    for key in renewed:
        assert await open_keyring(database).find_data_key(SUBJECT, key.version) == key


@pytest.mark.sec("LIM-28")
async def test_a_key_made_here_and_forgotten_elsewhere_is_gone_in_time_too(database: Database) -> None:
    stopwatch = Stopwatch()
    maker = open_keyring(database, stopwatch)
    await maker.data_key(SUBJECT)
    await open_keyring(database).forget(SUBJECT)
    stopwatch.seconds += 60
    assert await maker.find_data_key(SUBJECT, 1) is None


@pytest.mark.sec("LIM-28")
async def test_keys_made_or_fetched_for_many_are_gone_in_time_too(database: Database) -> None:
    stopwatch = Stopwatch()
    maker, reader = open_keyring(database, stopwatch), open_keyring(database, stopwatch)
    await maker.data_keys([SUBJECT, OTHER])
    await reader.prefetch([SUBJECT, OTHER])
    await open_keyring(database).forget(SUBJECT)
    stopwatch.seconds += 60
    assert await maker.find_data_key(SUBJECT, 1) is None
    assert await reader.find_data_key(SUBJECT, 1) is None


async def test_what_was_fetched_ahead_is_not_asked_for_again(database: Database) -> None:
    people = [f"{number:032x}" for number in range(1_100)]
    made = await open_keyring(database).data_keys(people)
    keyring = open_keyring(database)
    await keyring.prefetch(people)
    with translated():
        await database["keyring"].delete_many({})
    assert {person: await keyring.find_data_key(person, 1) for person in people} == made


@pytest.mark.sec("PII-02")
async def test_that_somebody_was_forgotten_is_asked_once_however_often_they_are_read(database: Database) -> None:
    await open_keyring(database).data_key(SUBJECT)
    keyring, elsewhere = open_keyring(database), open_keyring(database)
    await elsewhere.forget(SUBJECT)
    assert await keyring.find_data_key(SUBJECT, 1) is None

    with translated():
        await database["keyring"].delete_many({})
    assert await keyring.find_data_key(SUBJECT, 1) is None
    assert await keyring.data_keys([SUBJECT]) == {}
    with pytest.raises(SubjectErasedError):
        await keyring.data_key(SUBJECT)


async def test_the_database_never_holds_a_data_key_in_the_clear(database: Database) -> None:
    key = await open_keyring(database).data_key(SUBJECT)
    stored = (await _documents(database))[0]["keys"][0]
    assert stored["wrapping_key"] == "2025"
    assert all(key.material not in value for value in stored.values() if isinstance(value, bytes))


@pytest.mark.sec("PII-06")
async def test_nothing_of_the_key_is_left_after_an_erasure(database: Database) -> None:
    keyring = open_keyring(database)
    await keyring.data_key(SUBJECT)
    await keyring.forget(SUBJECT)
    assert await _documents(database) == [{"_id": SUBJECT, "status": "erased", "keys": []}]


async def test_a_wrapped_key_moved_to_another_person_is_refused(database: Database) -> None:
    keyring = open_keyring(database)
    await keyring.data_key(SUBJECT)
    await keyring.data_key(OTHER)
    stolen = next(document["keys"] for document in await _documents(database) if document["_id"] == SUBJECT)
    with translated():
        await database["keyring"].update_one({"_id": OTHER}, {"$set": {"keys": stolen}})
    with pytest.raises(WrappingKeyError):
        await open_keyring(database).data_key(OTHER)


async def test_without_the_wrapping_key_nothing_opens(database: Database) -> None:
    await open_keyring(database).data_key(SUBJECT)
    with pytest.raises(WrappingKeyError):
        await open_keyring(database, keys=(NEW,)).data_key(SUBJECT)
    with pytest.raises(WrappingKeyError):
        await open_keyring(database, keys=(NamedKey("2025", b"x" * 32),)).data_key(SUBJECT)


@pytest.mark.sec("PII-07")
async def test_a_new_wrapping_key_rewrites_wrapped_keys_only(database: Database) -> None:
    before = open_keyring(database)
    first = await before.data_key(SUBJECT)
    second = await before.renew(SUBJECT)
    await before.data_key(OTHER)
    await before.forget(OTHER)

    assert await rewrap_all(database, LocalKeyWrapper(KeyList((NEW, OLD)))) == 1
    assert await rewrap_all(database, LocalKeyWrapper(KeyList((NEW, OLD)))) == 0

    after = open_keyring(database, keys=(NEW,))
    assert await after.find_data_key(SUBJECT, 1) == first
    assert await after.data_key(SUBJECT) == second
    assert await after.find_data_key(OTHER, 1) is None


async def test_a_person_forgotten_during_a_rotation_stays_forgotten(database: Database) -> None:
    await open_keyring(database).data_key(SUBJECT)
    await open_keyring(database).data_key(OTHER)

    class ForgettingWrapper(LocalKeyWrapper):
        async def wrap(self, data_key: bytes, *, context: bytes) -> WrappedKey:
            await open_keyring(database).forget(SUBJECT)
            return await super().wrap(data_key, context=context)

    assert await rewrap_all(database, ForgettingWrapper(KeyList((NEW, OLD)))) == 1
    assert (await _documents(database))[0] == {"_id": SUBJECT, "status": "erased", "keys": []}


async def test_a_key_renewed_during_a_rotation_is_kept(database: Database) -> None:
    first = await open_keyring(database).data_key(SUBJECT)
    renewed: list[DataKey] = []

    class RenewingWrapper(LocalKeyWrapper):
        async def wrap(self, data_key: bytes, *, context: bytes) -> WrappedKey:
            if not renewed:
                renewed.append(await open_keyring(database).renew(SUBJECT))
            return await super().wrap(data_key, context=context)

    with pytest.raises(UnavailableError):
        await rewrap_all(database, RenewingWrapper(KeyList((NEW, OLD))))
    assert await rewrap_all(database, LocalKeyWrapper(KeyList((NEW, OLD)))) == 1
    after = open_keyring(database, keys=(NEW,))
    assert await after.find_data_key(SUBJECT, 1) == first
    assert await after.data_key(SUBJECT) == renewed[0]


async def test_an_emptied_keyring_is_an_error_and_not_an_erasure(database: Database) -> None:
    await open_keyring(database).data_key(SUBJECT)
    with translated():
        await database["keyring"].delete_many({})
    with pytest.raises(DataKeyMissingError):
        await open_keyring(database).find_data_key(SUBJECT, 1)


@pytest.mark.sec("PII-01")
async def test_two_processes_make_one_key_for_one_person(mongo_url: str, database_name: str) -> None:
    racers = [await _start_racer(mongo_url, database_name) for _ in range(2)]
    for racer in racers:
        assert racer.stdout is not None
        assert await racer.stdout.readline() == b"ready\n"
    answers = await asyncio.gather(*(racer.communicate(b"go\n") for racer in racers))
    first, second = (answer.split() for answer, _ in answers)
    assert len(first) == 20
    assert first == second


async def _start_racer(mongo_url: str, database_name: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("keyring_racer.py")),
        mongo_url,
        database_name,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def _documents(database: Database) -> list[Document]:
    with translated():
        return await database["keyring"].find({}).sort([("_id", 1)]).to_list(100)
