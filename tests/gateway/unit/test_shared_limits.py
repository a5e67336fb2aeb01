"""Gateways that count together, without the broker between them (GW-16, ADR-0028)."""

import pytest
from gateway.rate_limits import Rate

from tests.gateway.limits import Time, Wire, counting_gateway

TEN = Rate(10, 0.1)

pytestmark = pytest.mark.sec("GW-16")


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.mark.sec("LIM-15")
async def test_what_one_gave_away_the_other_does_not_give_again(wire: Wire) -> None:
    first, second = wire.join(TEN), wire.join(TEN)
    assert first.allowed(7) == 7
    await first.limits.tell()
    assert second.allowed(7) == 3
    assert second.allowed(7, key="192.0.2.2") == 7


async def test_sessions_are_counted_together_and_apart_from_addresses(wire: Wire) -> None:
    first, second = wire.join(TEN), wire.join(TEN)
    assert first.allowed(10, key="one", of=first.holders) == 10
    await first.limits.tell()
    assert second.allowed(10, key="one", of=second.holders) == 0
    assert second.allowed(10, key="one", of=second.guests) == 10


async def test_what_both_gave_away_at_once_is_worked_off_before_anybody_gets_more(wire: Wire, time: Time) -> None:
    first, second = wire.join(TEN, time=time), wire.join(TEN, time=time)
    assert (first.allowed(10), second.allowed(10)) == (10, 10)
    await first.limits.tell()
    await second.limits.tell()
    time.pass_by(105)
    assert (first.allowed(1), second.allowed(1)) == (0, 0)
    time.pass_by(5.1)
    assert first.allowed(2) == 1


async def test_what_was_told_is_not_told_again(wire: Wire) -> None:
    first, second = wire.join(TEN), wire.join(TEN)
    first.allowed(3)
    for _ in range(5):
        await first.limits.tell()
    assert second.allowed(10) == 7


async def test_refusals_take_nothing_from_the_others(wire: Wire) -> None:
    first, second = wire.join(Rate(2, 0.1)), wire.join(TEN)
    first.allowed(100)
    await first.limits.tell()
    assert second.allowed(10) == 8


@pytest.mark.sec("F-34")
async def test_while_nobody_hears_each_keeps_the_limit_alone_and_outages_are_not_made_up_for(
    wire: Wire, time: Time
) -> None:
    first, second = wire.join(TEN, time=time), wire.join(TEN, time=time)
    wire.is_cut = True
    assert (first.allowed(20), second.allowed(20)) == (10, 10)
    await first.limits.tell()
    time.pass_by(100)
    wire.is_cut = False
    await first.limits.tell()
    assert second.allowed(20) == 10
    assert first.shown("gateway_limit_takes_untold_total") == 10


@pytest.mark.sec("F-34")
async def test_a_gateway_that_lost_its_counts_hears_what_the_others_take_from_then_on(wire: Wire) -> None:
    first = wire.join(TEN)
    first.allowed(10)
    await first.limits.tell()
    restarted = wire.join(TEN)
    assert restarted.allowed(20) == 10
    await restarted.limits.tell()
    assert first.allowed(1) == 0


async def test_the_number_of_keys_that_are_told_is_bounded_and_the_rest_is_counted(wire: Wire) -> None:
    second = wire.join(TEN)
    first = counting_gateway(TEN, wire.send, max_told=2)
    assert [first.allowed(1, key=key) for key in "abcdac"] == [1] * 6
    await first.limits.tell()
    assert [second.allowed(20, key=key) for key in "abcd"] == [8, 9, 10, 10]
    assert first.shown("gateway_limit_takes_untold_total") == 3


async def test_how_old_the_news_is_and_how_many_tell_is_shown(wire: Wire, time: Time) -> None:
    first, second = wire.join(TEN, time=time), wire.join(TEN, time=time)
    time.pass_by(3)
    assert first.shown("gateway_limit_news_age_seconds") == 3
    await second.limits.tell()
    assert first.shown("gateway_limit_news_age_seconds") == 0
    assert (first.shown("gateway_limit_neighbours"), second.shown("gateway_limit_neighbours")) == (1, 0)
    time.pass_by(30)
    assert first.shown("gateway_limit_news_age_seconds") == 30
    assert first.shown("gateway_limit_neighbours") == 0
