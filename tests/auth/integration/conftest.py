from collections.abc import AsyncIterator

import pytest
from ansinh_kit.mongo import Database, connect

from tests.auth.service import AuthService


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url, app_name="auth-test")
    yield client.database(database_name)
    client.close()


@pytest.fixture
async def auth(database: Database) -> AsyncIterator[AuthService]:
    service = AuthService(database)
    await service.use_cases.prepare()
    yield service
    service.pool.close()
