import pytest
from ansinh_kit.database import Database
from ansinh_kit.mongo import connect
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.kit.event_store.interleaving import Interleaving
from tests.kit.event_store.memory_database import memory_database

UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


class InMemory(Interleaving):
    async def open_database(self) -> Database:
        return memory_database()


def test_no_interleaving_breaks_the_log() -> None:
    run_state_machine_as_test(InMemory, settings=settings(UNHURRIED, max_examples=150, stateful_step_count=50))


@pytest.mark.mongo
def test_no_interleaving_breaks_the_log_on_the_server(mongo_url: str, database_name: str) -> None:
    class OnServer(Interleaving):
        async def open_database(self) -> Database:
            # A client belongs to the event loop it was first used in, and each example has its own.
            self.client = connect(mongo_url, app_name="interleaving-test")
            database = self.client.database(database_name)
            for name in await database.list_collection_names():
                await database.drop_collection(name)
            return database

        async def close_database(self) -> None:
            self.client.close()

    run_state_machine_as_test(OnServer, settings=settings(UNHURRIED, max_examples=12, stateful_step_count=30))
