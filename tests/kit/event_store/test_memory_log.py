import pytest
from ansinh_kit.event_store.memory import InMemoryCommitLog

from tests.kit.event_store.commit_log_contract import CommitLogContract


class TestInMemoryCommitLog(CommitLogContract):
    @pytest.fixture
    def log(self) -> InMemoryCommitLog:
        return InMemoryCommitLog()
