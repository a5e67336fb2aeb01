"""Everything at once: servers, services and gateway killed in the same moment, as when the power goes."""

import asyncio
import time

import pytest

from tests.faults.conftest import RECOVERY_SECONDS, ROUNDS, Trial, tell
from tests.faults.registering import some_requests_later
from tests.faults.stored_logs import SERVICES

pytestmark = [pytest.mark.system, pytest.mark.slow]


@pytest.mark.sec("I1")
@pytest.mark.sec("I2")
@pytest.mark.sec("I4")
@pytest.mark.sec("I5")
async def test_a_power_cut_loses_and_doubles_nothing(trial: Trial) -> None:
    for number in range(ROUNDS):
        async with trial.under_load(f"round {number + 1}, power cut") as ledger:
            await some_requests_later(trial.chance, ledger)
            names = ("database", "broker", *SERVICES, "gateway")
            await asyncio.gather(*(asyncio.to_thread(trial.system.kill, name) for name in names))
            killed = time.monotonic()
            await asyncio.to_thread(trial.system.wait_until_ready, RECOVERY_SECONDS)
            tell(f"killed everything: all ready again after {time.monotonic() - killed:.1f} s")
            await some_requests_later(trial.chance, ledger)
