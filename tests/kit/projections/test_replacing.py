"""Many documents written over with one statement: each only where an earlier one stands."""

import uuid
from collections.abc import AsyncIterator

import pytest
from ansinh_kit.database import Collection, Document
from ansinh_kit.mongo import connect
from ansinh_kit.projections.replacing import over_earlier_ones
from hypothesis import given
from hypothesis import strategies as st

MEGABYTE = 1 << 20


@pytest.fixture
async def collection(mongo_url: str, database_name: str) -> AsyncIterator[Collection]:
    client = connect(mongo_url, app_name="test-replacing")
    yield client.database(database_name)["documents"]
    client.close()


def document(key: str, position: int) -> Document:
    return {"_id": key, "_position": position, "nested": {"$dotted.name": ["$_id"]}, "content": uuid.uuid4().bytes}


async def stored(collection: Collection) -> dict[str, Document]:
    return {one["_id"]: one for one in await collection.find({}).to_list()}


@pytest.mark.mongo
async def test_each_is_replaced_if_it_is_earlier_and_none_is_made(collection: Collection) -> None:
    before = {key: document(key, 5) for key in ("a", "b", "c", "d")}
    await collection.insert_many(list(before.values()))
    ours = {key: document(key, position) for key, position in (("a", 4), ("b", 5), ("c", 6), ("x", 9))}

    await collection.bulk_write(over_earlier_ones(ours.values()), ordered=False)

    assert await stored(collection) == {**before, "c": ours["c"]}


@pytest.mark.mongo
async def test_all_of_many_are_replaced(collection: Collection) -> None:
    keys = [f"{number}/social" for number in range(150)]
    await collection.insert_many([document(key, 1) for key in keys])
    ours = {key: document(key, 2) for key in reversed(keys)}

    await collection.bulk_write(over_earlier_ones(ours.values()), ordered=False)

    assert await stored(collection) == ours


@given(st.lists(st.integers(0, 3 * MEGABYTE), max_size=12))
def test_no_statement_holds_more_than_the_server_takes(sizes: list[int]) -> None:
    documents = [{"_id": number, "_position": 1, "content": b"x" * size} for number, size in enumerate(sizes)]

    queries = [statement._filter["_id"]["$in"] for statement in over_earlier_ones(documents)]

    assert [key for ids in queries for key in ids] == list(range(len(sizes)))
    for ids in queries:
        assert len(ids) == 1 or sum(sizes[number] for number in ids) <= 4 * MEGABYTE
