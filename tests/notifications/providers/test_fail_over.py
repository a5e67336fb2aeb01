from datetime import UTC, datetime

import pytest
from notifications.providers.fail_over import FailOver
from notifications.providers.port import Accepted, NotFound, NotProcessed, Rejected, Sms, Unknown

from tests.notifications.providers.memory_carrier import MemoryCarrier


def sms(number: int) -> Sms:
    return Sms(f"{number:032x}", "+84900000018", "text")


@pytest.fixture
def first() -> MemoryCarrier[Sms]:
    return MemoryCarrier(sms, name="first")


@pytest.fixture
def second() -> MemoryCarrier[Sms]:
    return MemoryCarrier(sms, name="second")


async def test_the_second_carrier_is_asked_if_the_first_surely_did_nothing(
    first: MemoryCarrier[Sms], second: MemoryCarrier[Sms]
) -> None:
    first.refuse_for_now()
    outcome = await FailOver([first, second]).send(sms(1))
    assert isinstance(outcome, Accepted)
    assert outcome.provider == "second"


@pytest.mark.sec("I4")
@pytest.mark.parametrize("mood", ["take", "take_and_hang_up", "refuse_for_good"])
async def test_the_second_carrier_is_left_alone_otherwise(
    first: MemoryCarrier[Sms], second: MemoryCarrier[Sms], mood: str
) -> None:
    if mood != "take":
        first.moods.append("take_and_hang_up" if mood == "take_and_hang_up" else "refuse_for_good")
    outcome = await FailOver([first, second]).send(sms(1))
    assert isinstance(outcome, Accepted | Unknown | Rejected)
    assert second.calls == 0


async def test_if_all_carriers_are_busy_the_shortest_wait_counts(
    first: MemoryCarrier[Sms], second: MemoryCarrier[Sms]
) -> None:
    first.refuse_for_now()
    second.refuse_for_now()
    assert await FailOver([first, second]).send(sms(1)) == NotProcessed("http_429", 30.0)


async def test_a_look_up_asks_every_carrier(first: MemoryCarrier[Sms], second: MemoryCarrier[Sms]) -> None:
    await second.send(sms(1))
    both = FailOver([first, second])
    since = datetime.now(UTC)
    assert await both.look_up(sms(1), since=since) == Accepted("second", f"SM{1:032x}")
    assert await both.look_up(sms(2), since=since) == NotFound()


def test_no_carrier_at_all_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        FailOver[Sms]([])
