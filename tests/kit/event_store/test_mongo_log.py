from collections.abc import AsyncIterator

import pytest
from ansinh_kit.database import Database
from ansinh_kit.event_store.mongo import MongoCommitLog

from tests.kit.event_store.commit_log_contract import CommitLogContract
from tests.kit.event_store.memory_database import memory_database


class TestMongoCommitLog(CommitLogContract):
    @pytest.fixture
    async def log(self, database: Database) -> AsyncIterator[MongoCommitLog]:
        log = MongoCommitLog(database)
        await log.start()
        yield log
        await log.close()


class TestMongoCommitLogOverCollectionsInMemory(CommitLogContract):
    """The algorithm over the database that `test_interleavings.py` runs it on."""

    @pytest.fixture
    async def log(self) -> AsyncIterator[MongoCommitLog]:
        log = MongoCommitLog(memory_database())
        await log.start()
        yield log
        await log.close()
