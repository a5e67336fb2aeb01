from collections.abc import AsyncIterator

import pytest
from ansinh_kit.database import Database
from ansinh_kit.mongo import connect


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url, app_name="event-store-test")
    yield client.database(database_name)
    client.close()
