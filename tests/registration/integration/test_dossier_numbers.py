import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from ansinh_kit.mongo import connect
from registration.storage.dossier_numbers import MongoDossierNumbers

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
async def numbers(mongo_url: str, database_name: str) -> AsyncIterator[MongoDossierNumbers]:
    client = connect(mongo_url, app_name="test-dossier-numbers")
    yield MongoDossierNumbers(client.database(database_name))
    client.close()


async def test_the_first_numbers_of_a_year_asked_for_at_once_are_all_different(numbers: MongoDossierNumbers) -> None:
    for agency in ("06601", "06602", "06603", "06604", "06605"):
        given = await asyncio.gather(*[numbers.next(agency, at=AT) for _ in range(8)])

        assert len(set(given)) == len(given)
