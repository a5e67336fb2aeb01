import asyncio
from collections.abc import AsyncIterator

import pytest
from ansinh_kit.errors import InvalidFieldsError
from ansinh_kit.http.idempotency import Claim, Idempotency, IdempotencyStore, InMemoryIdempotencyStore
from ansinh_kit.http.mongo_idempotency import MongoIdempotencyStore
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import Database, connect, translated
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.testing.asgi_client import AsgiClient, HttpAnswer
from ansinh_kit.testing.callers import a_citizen, a_guest
from ansinh_kit.testing.clock import FixedClock

from tests.kit.http.edge_app import BLIND_INDEX

KEY = "k" * 22
REQUEST = {"key": KEY, "actor": "guest", "route": "POST /x", "resource": "{}"}
OLD_ROOT = NamedKey("2025", b"o" * 32)
NEW_ROOT = NamedKey("2026", b"n" * 32)


async def commit(
    client: AsgiClient, *, key: str | None = KEY, path: str = "/v1/commits/1", body: object = "body", account: str = "a"
) -> HttpAnswer:
    headers = {} if key is None else {"Idempotency-Key": key}
    caller = a_citizen(account_id=account)
    return await client.request("POST", path, caller=caller, json_body=body, headers=headers)


async def commit_id(client: AsgiClient, **changes: str) -> str:
    answer = await commit(client, **changes)
    assert answer.status == 200
    return str(answer.json()["commit_id"])


@pytest.mark.sec("LIM-25")
async def test_the_same_request_has_the_same_commit(client: AsgiClient) -> None:
    assert await commit_id(client) == await commit_id(client)


@pytest.mark.parametrize(
    "changes",
    [{"key": "l" * 22}, {"path": "/v1/commits/2"}, {"path": "/v1/other-commits/1"}, {"account": "b"}],
)
async def test_another_key_resource_route_or_caller_is_another_commit(
    client: AsgiClient, changes: dict[str, str]
) -> None:
    assert await commit_id(client) != await commit_id(client, **changes)


async def test_a_guests_commit_is_not_a_citizens(client: AsgiClient) -> None:
    headers = {"Idempotency-Key": KEY}
    as_guest = await client.request("POST", "/v1/commits/1", caller=a_guest(), json_body="body", headers=headers)
    assert as_guest.json()["commit_id"] != await commit_id(client)


@pytest.mark.sec("LIM-25")
async def test_a_key_with_another_body_is_refused(client: AsgiClient) -> None:
    await commit_id(client)
    answer = await commit(client, body="another")
    assert answer.status == 422
    assert (answer.json()["errors"][0]["field"], answer.json()["errors"][0]["rule"]) == (
        "Idempotency-Key",
        "key_reused",
    )


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        (None, "required"),
        ("", "idempotency_key"),
        ("k" * 21, "idempotency_key"),
        ("k" * 65, "idempotency_key"),
        ("k" * 21 + "$", "idempotency_key"),
    ],
)
async def test_a_key_that_is_missing_or_malformed_is_a_field_error(
    client: AsgiClient, key: str | None, rule: str
) -> None:
    answer = await commit(client, key=key)
    assert answer.status == 422
    assert answer.json()["errors"][0]["rule"] == rule


@pytest.mark.parametrize("key", ["k" * 22, "k" * 64, "A1_-" * 6])
async def test_keys_of_every_allowed_length_are_taken(client: AsgiClient, key: str) -> None:
    assert len(await commit_id(client, key=key)) == 32


async def test_a_repeated_request_is_the_same_across_a_rotation_of_keys() -> None:
    store = InMemoryIdempotencyStore()
    before = Idempotency(store, BlindIndex(KeyList((OLD_ROOT,))))
    rotated = Idempotency(store, BlindIndex(KeyList((NEW_ROOT, OLD_ROOT))))
    first = await before.commit_id(**REQUEST, body=b"body")
    assert await rotated.commit_id(**REQUEST, body=b"body") == first
    with pytest.raises(InvalidFieldsError):
        await rotated.commit_id(**REQUEST, body=b"another")


async def test_what_is_kept_of_a_body_cannot_be_guessed_without_the_key() -> None:
    kept: list[str] = []

    class Spy(InMemoryIdempotencyStore):
        async def claim(self, request_id: str, claim: Claim) -> Claim:
            kept.append(claim.fingerprint)
            return await super().claim(request_id, claim)

    for root in (OLD_ROOT, NEW_ROOT):
        await Idempotency(Spy(), BlindIndex(KeyList((root,)))).commit_id(**REQUEST, body=b'{"code":"123456"}')
    assert kept[0] != kept[1]


class IdempotencyStoreContract:
    async def test_the_first_claim_is_kept(self, store: IdempotencyStore) -> None:
        first, second = Claim("first", "commit-1"), Claim("second", "commit-2")
        assert await store.claim("request-1", first) == first
        assert await store.claim("request-1", second) == first
        assert await store.claim("request-2", second) == second

    async def test_of_many_at_once_all_get_the_claim_of_one(self, store: IdempotencyStore) -> None:
        claims = [Claim("same", f"commit-{number}") for number in range(20)]
        kept = await asyncio.gather(*(store.claim("request-1", claim) for claim in claims))
        assert len(set(kept)) == 1


class TestInMemoryIdempotencyStore(IdempotencyStoreContract):
    @pytest.fixture
    def store(self) -> InMemoryIdempotencyStore:
        return InMemoryIdempotencyStore()


class TestMongoIdempotencyStore(IdempotencyStoreContract):
    @pytest.fixture
    async def store(self, mongo_url: str, database_name: str) -> AsyncIterator[MongoIdempotencyStore]:
        client = connect(mongo_url, app_name="idempotency-test")
        store = MongoIdempotencyStore(client.database(database_name), clock=FixedClock())
        await store.prepare()
        yield store
        client.close()


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url, app_name="idempotency-test")
    yield client.database(database_name)
    client.close()


async def test_a_kept_key_holds_its_time_and_no_body(database: Database) -> None:
    store = MongoIdempotencyStore(database, clock=FixedClock())
    await store.prepare()
    await store.prepare()
    commit_id = await Idempotency(store, BLIND_INDEX).commit_id(**REQUEST, body=b"secret body")
    with translated():
        (document,) = await database["idempotency_keys"].find({}).to_list(10)
    assert (document["claimed_at"], document["commit_id"]) == (FixedClock().now(), commit_id)
    assert set(document) == {"_id", "fingerprint", "commit_id", "claimed_at"}


@pytest.mark.sec("LIM-25")
async def test_after_its_life_a_key_does_not_stand_for_what_it_did_before(database: Database) -> None:
    """The log remembers a commit for ever: under the old id a new request would get the old one's answer."""
    idempotency = Idempotency(MongoIdempotencyStore(database, clock=FixedClock()), BLIND_INDEX)
    before = await idempotency.commit_id(**REQUEST, body=b"one")
    with translated():
        await database["idempotency_keys"].delete_many({})  # what the server does after 24 h
    assert await idempotency.commit_id(**REQUEST, body=b"another") != before


async def test_a_request_begun_under_the_build_before_keeps_its_commit(database: Database) -> None:
    idempotency = Idempotency(MongoIdempotencyStore(database, clock=FixedClock()), BLIND_INDEX)
    await idempotency.commit_id(**REQUEST, body=b"body")
    with translated():
        (document,) = await database["idempotency_keys"].find({}).to_list(10)
        await database["idempotency_keys"].update_one({"_id": document["_id"]}, {"$unset": {"commit_id": ""}})
    assert await idempotency.commit_id(**REQUEST, body=b"body") == document["_id"]
