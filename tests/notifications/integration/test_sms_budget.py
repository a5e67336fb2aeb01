import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.testing.clock import FixedClock
from notifications.domain.sms_budget import UsedUp
from notifications.settings import NotificationsSettings
from notifications.storage.sms_budget import Allowance, Allowances, MongoSmsBudget

MINUTE = timedelta(minutes=1)
# The server removes counters of windows that are over by its own clock.
_FAR_AWAY = datetime(2060, 1, 1, tzinfo=UTC)


class Budget(MongoSmsBudget):
    """Three SMS a minute to a prefix, five in all, and money for six in two."""

    def __init__(self, database: object, clock: FixedClock) -> None:
        self.clock = clock
        super().__init__(
            database,  # type: ignore[arg-type] # the fixture's database
            BlindIndex(KeyList((NamedKey("test", bytes(32)),))),
            clock,
            allowances=Allowances(
                prefix=(Allowance(3, MINUTE),), whole=(Allowance(5, MINUTE),), money=(Allowance(6, 2 * MINUTE),)
            ),
        )


@pytest.fixture
async def budget(mongo_url: str, database_name: str) -> AsyncIterator[Budget]:
    client = connect(mongo_url, app_name="tests")
    budget = Budget(client.database(database_name), FixedClock(_FAR_AWAY))
    await budget.start()
    yield budget
    client.close()


def number(prefix: int, own: int) -> str:
    return f"+849{prefix:04d}{own:04d}"


@pytest.mark.sec("LIM-10")
async def test_at_its_budget_a_prefix_waits_for_the_next_window_and_others_are_served(budget: Budget) -> None:
    budget.clock.advance(timedelta(seconds=20))
    granted = [await budget.take(number(1, own)) for own in range(3)]
    assert granted == [None, None, None]
    assert await budget.take(number(1, 3)) == UsedUp(40.0, of_all=False)
    assert await budget.take(number(2, 0)) is None
    budget.clock.advance(timedelta(seconds=40))
    assert await budget.take(number(1, 3)) is None


@pytest.mark.sec("LIM-10")
async def test_the_whole_service_has_a_budget_too(budget: Budget) -> None:
    assert [await budget.take(number(prefix, 0)) for prefix in range(5)] == [None] * 5
    assert await budget.take(number(6, 0)) == UsedUp(60.0, of_all=True)


@pytest.mark.sec("LIM-10")
async def test_what_a_day_costs_has_a_budget_of_its_own(budget: Budget) -> None:
    assert [await budget.take(number(prefix, 0)) for prefix in range(5)] == [None] * 5
    budget.clock.advance(MINUTE)
    assert await budget.take(number(6, 0)) is None
    assert await budget.take(number(7, 0)) == UsedUp(60.0, of_all=True)
    budget.clock.advance(MINUTE)
    assert await budget.take(number(7, 0)) is None


@pytest.mark.sec("LIM-10")
def test_the_money_of_a_day_buys_whole_sms() -> None:
    settings = NotificationsSettings.model_construct(sms_price_vnd=400, sms_vnd_per_day=1_000)
    assert settings.allowances.money == (Allowance(2, timedelta(days=1)),)


@pytest.mark.sec("OTC-12")
async def test_a_hundred_at_once_get_no_more_than_the_budget(budget: Budget) -> None:
    answers = await asyncio.gather(*(budget.take(number(1, own)) for own in range(100)))
    assert answers.count(None) == 3


@pytest.mark.sec("PII-04")
async def test_counters_do_not_show_the_prefix(budget: Budget) -> None:
    await budget.take(number(1, 0))
    documents = await budget._counters.find().to_list()
    assert len(documents) == 3
    assert "0001" not in repr([document["_id"].split("/")[0] for document in documents]).replace("whole", "")
