from collections.abc import AsyncIterator

import pytest
from ansinh_kit.database import Database
from ansinh_kit.event_store.mongo import MongoCommitLog

from tests.kit.event_store.commit_log_contract import CommitLogContract

pytestmark = pytest.mark.mongo


@pytest.fixture
async def log(database: Database) -> AsyncIterator[MongoCommitLog]:
    log = MongoCommitLog(database)
    await log.start()
    yield log
    await log.close()


class TestMongoCommitLog(CommitLogContract):
    pass
