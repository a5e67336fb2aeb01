"""R-1: every process of our own, killed at a random moment of a load, and what is left when all has come back."""

import asyncio
import time

import pytest

from tests.faults.conftest import RECOVERY_SECONDS, ROUNDS, Trial, tell
from tests.faults.registering import some_requests_later

pytestmark = [pytest.mark.system, pytest.mark.slow]


@pytest.mark.sec("F-01")
@pytest.mark.sec("F-02")
@pytest.mark.sec("F-03")
@pytest.mark.sec("F-05")
@pytest.mark.sec("I1")
@pytest.mark.sec("I2")
@pytest.mark.sec("I3")
@pytest.mark.sec("I4")
@pytest.mark.sec("I5")
async def test_killed_services_and_a_killed_gateway_lose_and_double_nothing(trial: Trial) -> None:
    for number in range(ROUNDS):
        names = ["auth", "registration", "notifications", "records", "gateway"]
        trial.chance.shuffle(names)
        async with trial.under_load(f"round {number + 1}") as ledger:
            for name in names:
                await some_requests_later(trial.chance, ledger)
                await asyncio.to_thread(trial.system.kill, name)
                killed = time.monotonic()
                await asyncio.to_thread(trial.system.wait_until_ready, RECOVERY_SECONDS)
                tell(f"killed {name}: all ready again after {time.monotonic() - killed:.1f} s")
            await some_requests_later(trial.chance, ledger)
