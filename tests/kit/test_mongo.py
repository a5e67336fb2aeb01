import asyncio
from collections.abc import AsyncIterator

import pytest
from ansinh_kit.database import FileDamagedError
from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import Database, FileBucket, connect

GATEWAY_PATIENCE_SECONDS = 5.0


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url, app_name="files-test")
    yield client.database(database_name)
    client.close()


@pytest.mark.sec("F-14")
async def test_a_database_that_is_down_is_told_before_the_gateway_gives_up_on_the_service(unused_tcp_port: int) -> None:
    client = connect(f"mongodb://127.0.0.1:{unused_tcp_port}/", app_name="test")
    async with asyncio.timeout(GATEWAY_PATIENCE_SECONDS):
        with pytest.raises(UnavailableError):
            await client.ping()
    client.close()


async def test_a_file_of_which_a_part_is_lost_is_told_as_damaged_and_can_be_removed(database: Database) -> None:
    bucket = FileBucket(database, "files")
    await bucket.put("one", b"x" * 600_000, metadata={})
    await database["files.chunks"].delete_one({"files_id": "one", "n": 1})
    with pytest.raises(FileDamagedError):
        await bucket.get("one")
    await bucket.delete("one")
    assert await database["files.chunks"].find({}).to_list() == []
