import asyncio
from collections.abc import Callable

import pytest
from gateway.patience import Patience, Timeouts


async def wait_after(stages: Callable[[Patience], None], timeouts: Timeouts) -> None:
    """Go through the stages, then wait until the patience is over: `TimeoutError`."""
    async with asyncio.timeout(None) as timer:
        patience = Patience(timer, timeouts)
        try:
            stages(patience)
            await asyncio.Event().wait()
        finally:
            patience.stop()


def sent(patience: Patience) -> None:
    patience.wait_for_request()
    patience.wait_for_first_byte()


def answering(patience: Patience) -> None:
    sent(patience)
    patience.wait_for_rest()


@pytest.mark.sec("LIM-26")
async def test_a_service_that_does_not_begin_is_given_up_before_the_whole_time_is_over() -> None:
    with pytest.raises(TimeoutError):
        await wait_after(sent, Timeouts(first_byte_seconds=0.01, whole_seconds=3_600))


@pytest.mark.sec("LIM-26")
async def test_an_answer_that_began_may_take_longer_but_not_for_ever() -> None:
    begun = asyncio.get_running_loop().time()
    with pytest.raises(TimeoutError):
        await wait_after(answering, Timeouts(first_byte_seconds=0.01, whole_seconds=0.2))
    assert asyncio.get_running_loop().time() - begun > 0.15


async def test_who_is_done_in_time_is_left_alone() -> None:
    async with asyncio.timeout(None) as timer:
        patience = Patience(timer, Timeouts(first_byte_seconds=0.01, whole_seconds=0.01))
        patience.wait_for_first_byte()
        patience.stop()
        await asyncio.sleep(0.05)
