import asyncio
import threading
import unicodedata
from collections.abc import Iterator

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.key_list import KeyList, NamedKey
from auth.storage.comparisons import Comparisons
from auth.storage.password_hashing import HashCost, HashingPool, PasswordHashing
from prometheus_client import CollectorRegistry

from tests.auth.builders import PASSWORD
from tests.eventually import eventually

OLD = NamedKey("old", b"o" * 32)
NEW = NamedKey("new", b"n" * 32)
CHEAP = HashCost(memory_kib=64, rounds=1, lanes=1)


@pytest.fixture
def pool() -> Iterator[HashingPool]:
    pool = HashingPool(threads=2, wait_seconds=5)
    yield pool
    pool.close()


def hashing(pool: HashingPool, *keys: NamedKey, cost: HashCost | None = CHEAP) -> PasswordHashing:
    peppers = KeyList(keys or (NEW,))
    return PasswordHashing(pool=pool, peppers=peppers, comparisons=Comparisons(CollectorRegistry()), cost=cost)


async def test_the_password_and_no_other_is_right(pool: HashingPool) -> None:
    stored = await hashing(pool).hash(PASSWORD)
    assert (await hashing(pool).verify(PASSWORD, stored)).right
    assert not (await hashing(pool).verify(PASSWORD + " ", stored)).right


@pytest.mark.sec("LIM-04")
async def test_the_default_cost_and_the_pepper_stand_in_what_is_stored(pool: HashingPool) -> None:
    stored = await hashing(pool, cost=None).hash(PASSWORD)
    assert stored.startswith("argon2id$new$m=19456,t=2,p=1$")


@pytest.mark.sec("LIM-02")
async def test_both_spellings_of_one_password_log_in(pool: HashingPool) -> None:
    stored = await hashing(pool).hash(unicodedata.normalize("NFC", PASSWORD))
    assert (await hashing(pool).verify(unicodedata.normalize("NFD", PASSWORD), stored)).right


@pytest.mark.sec("SEC-35")
@pytest.mark.parametrize("position", [0, 72, 99, 127])
async def test_every_character_counts(pool: HashingPool, position: int) -> None:
    password = "a" * 128
    other = password[:position] + "b" + password[position + 1 :]
    assert not (await hashing(pool).verify(other, await hashing(pool).hash(password))).right


@pytest.mark.sec("OTC-13")
async def test_without_the_pepper_nothing_verifies(pool: HashingPool) -> None:
    stored = await hashing(pool, OLD).hash(PASSWORD)
    assert not (await hashing(pool, NEW).verify(PASSWORD, stored)).right
    same_name = NamedKey("old", b"x" * 32)
    assert not (await hashing(pool, same_name).verify(PASSWORD, stored)).right


@pytest.mark.sec("LIM-04")
async def test_an_old_pepper_or_cost_still_verifies_and_is_renewed(pool: HashingPool) -> None:
    stored = await hashing(pool, OLD).hash(PASSWORD)
    by_pepper = await hashing(pool, NEW, OLD).verify(PASSWORD, stored)
    assert by_pepper.right
    assert by_pepper.renewed is not None
    assert (await hashing(pool, NEW).verify(PASSWORD, by_pepper.renewed)).right
    dearer = HashCost(memory_kib=128, rounds=1, lanes=1)
    by_cost = await hashing(pool, OLD, cost=dearer).verify(PASSWORD, stored)
    assert by_cost.renewed is not None
    assert "$m=128,t=1,p=1$" in by_cost.renewed
    assert (await hashing(pool, OLD).verify(PASSWORD, stored)).renewed is None


@pytest.mark.sec("OTC-10")
async def test_without_a_stored_hash_the_same_work_ends_in_no(pool: HashingPool) -> None:
    assert not (await hashing(pool).verify(PASSWORD, None)).right


async def test_half_of_a_character_is_wrong_and_no_fault(pool: HashingPool) -> None:
    assert not (await hashing(pool).verify("\ud800" * 20, await hashing(pool).hash(PASSWORD))).right


@pytest.mark.sec("LIM-05")
async def test_a_full_queue_refuses_at_once_and_a_long_one_in_time() -> None:
    pool = HashingPool(threads=1, wait_seconds=0.05)
    release = threading.Event()
    running = asyncio.create_task(pool.run(release.wait))
    await eventually(pool._free.locked)
    waiting = [asyncio.create_task(pool.run(lambda: None)) for _ in range(8)]
    await eventually(lambda: pool._waiting == 8)
    with pytest.raises(UnavailableError):
        await pool.run(lambda: None)
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(outcome, UnavailableError) for outcome in outcomes)
    release.set()
    assert await running
    assert await pool.run(lambda: "served again") == "served again"
    pool.close()


@pytest.mark.sec("LIM-05")
async def test_a_caller_who_leaves_does_not_free_a_thread_that_still_works() -> None:
    pool = HashingPool(threads=1, wait_seconds=0.05)
    release = threading.Event()
    running = asyncio.create_task(pool.run(release.wait))
    await eventually(pool._free.locked)
    running.cancel()
    with pytest.raises(UnavailableError):
        await pool.run(lambda: None)
    release.set()
    assert await eventually(lambda: not pool._free.locked())
    pool.close()
