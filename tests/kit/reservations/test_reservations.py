from collections.abc import AsyncIterator

import pytest
from ansinh_kit.mongo import connect
from ansinh_kit.reservations import InMemoryReservations, MongoReservations
from ansinh_kit.testing.clock import FixedClock

from tests.kit.reservations.reservations_contract import ReservationsContract, clock, store

__all__ = ["clock", "store"]


class TestInMemoryReservations(ReservationsContract):
    @pytest.fixture
    def reservations(self, clock: FixedClock) -> InMemoryReservations:
        return InMemoryReservations(clock=clock)


@pytest.mark.mongo
class TestMongoReservations(ReservationsContract):
    @pytest.fixture
    async def reservations(
        self, mongo_url: str, database_name: str, clock: FixedClock
    ) -> AsyncIterator[MongoReservations]:
        client = connect(mongo_url, app_name="reservations-test")
        yield MongoReservations(client.database(database_name), clock=clock)
        client.close()
