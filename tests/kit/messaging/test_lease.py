from datetime import timedelta

import pytest
from ansinh_kit.database import Database
from ansinh_kit.messaging.lease import Lease, LeaseLostError, RelayState, send_again
from ansinh_kit.testing.clock import FixedClock

LONGER_THAN_A_LEASE = timedelta(seconds=11)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def mine(database: Database, clock: FixedClock) -> Lease:
    return Lease(database, "orders", clock=clock)


@pytest.fixture
def theirs(database: Database, clock: FixedClock) -> Lease:
    return Lease(database, "orders", clock=clock)


async def test_the_first_one_starts_at_the_beginning(mine: Lease) -> None:
    assert await mine.try_take() == RelayState(0, frozenset())
    assert mine.held


@pytest.mark.sec("F-27")
async def test_one_holds_the_lease_and_the_other_waits(mine: Lease, theirs: Lease) -> None:
    await mine.try_take()
    assert await theirs.try_take() is None
    assert not theirs.held


async def test_a_lease_given_back_is_free_at_once_and_keeps_its_checkpoint(mine: Lease, theirs: Lease) -> None:
    await mine.try_take()
    await mine.save_known({("shipping", "orders.order_paid")})
    await mine.give_back(7)
    assert await theirs.try_take() == RelayState(7, frozenset({("shipping", "orders.order_paid")}))


async def test_a_lease_runs_out_and_saving_keeps_it(mine: Lease, theirs: Lease, clock: FixedClock) -> None:
    await mine.try_take()
    clock.advance(LONGER_THAN_A_LEASE / 2)
    await mine.save_position(3)
    clock.advance(LONGER_THAN_A_LEASE / 2)
    assert await theirs.try_take() is None
    clock.advance(LONGER_THAN_A_LEASE / 2)
    assert await theirs.try_take() == RelayState(3, frozenset())


@pytest.mark.sec("F-10")
async def test_one_who_slept_through_his_lease_changes_nothing(mine: Lease, theirs: Lease, clock: FixedClock) -> None:
    await mine.try_take()
    clock.advance(LONGER_THAN_A_LEASE)
    await theirs.try_take()
    await theirs.save_position(9)
    for write in (mine.save_position(5), mine.save_known({("a", "b")}), mine.give_back(5)):
        with pytest.raises(LeaseLostError):
            await write
    assert not mine.held
    clock.advance(LONGER_THAN_A_LEASE)
    assert await mine.try_take() == RelayState(9, frozenset())


async def test_sending_again_forgets_one_subscriber_and_interrupts_the_relay(
    mine: Lease, database: Database, clock: FixedClock
) -> None:
    await mine.try_take()
    await mine.save_known({("shipping", "orders.order_paid"), ("billing", "orders.order_paid")})
    assert await send_again(database, "orders", "shipping")
    with pytest.raises(LeaseLostError):
        await mine.save_position(4)
    clock.advance(LONGER_THAN_A_LEASE)
    assert await mine.try_take() == RelayState(0, frozenset({("billing", "orders.order_paid")}))


async def test_there_is_nothing_to_send_again_where_no_relay_ran(database: Database) -> None:
    assert not await send_again(database, "orders", "shipping")
