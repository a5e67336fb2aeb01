"""R-2: the broker killed, and stopped for a while, under a load."""

import asyncio
import time

import pytest

from tests.eventually import eventually
from tests.faults.conftest import RECOVERY_SECONDS, ROUNDS, Trial, tell
from tests.faults.ledger import Ledger
from tests.faults.registering import some_requests_later
from tests.faults.stored_logs import SERVICES
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow]


@pytest.mark.sec("F-12")
@pytest.mark.sec("I1")
@pytest.mark.sec("I9")
async def test_a_killed_broker_loses_nothing(trial: Trial) -> None:
    for number in range(ROUNDS):
        async with trial.under_load(f"round {number + 1}, broker killed") as ledger:
            await some_requests_later(trial.chance, ledger)
            await asyncio.to_thread(trial.system.kill, "broker")
            await _recovered(trial.system, "killed broker")
            await some_requests_later(trial.chance, ledger)


@pytest.mark.sec("F-12")
@pytest.mark.sec("I1")
@pytest.mark.sec("I9")
async def test_without_the_broker_commands_are_taken_and_readiness_says_what_is_missing(trial: Trial) -> None:
    for number in range(ROUNDS):
        async with trial.under_load(f"round {number + 1}, broker stopped") as ledger:
            await some_requests_later(trial.chance, ledger)
            await asyncio.to_thread(trial.system.hold, "broker")
            try:
                await eventually(lambda: _missing_the_broker(trial.system) == set(SERVICES), RECOVERY_SECONDS)
                await _registrations_go_on(ledger)
            finally:
                await asyncio.to_thread(trial.system.release, "broker")
            await _recovered(trial.system, "released broker")
            await some_requests_later(trial.chance, ledger)


def _missing_the_broker(system: RunningSystem) -> set[str]:
    """Return the services that say of themselves that they have no broker."""
    return {
        name
        for name, (_, answer) in system.control.readiness().items()
        if not answer.ready and "broker" in answer.reason
    }


async def _registrations_go_on(ledger: Ledger) -> None:
    before = len(ledger.declarations("valid"))
    await eventually(lambda: len(ledger.declarations("valid")) >= before + 5, RECOVERY_SECONDS)


async def _recovered(system: RunningSystem, what: str) -> None:
    """Wait until all are ready, the broker first: what counts is the time from its return."""
    began = time.monotonic()
    await eventually(lambda: system.control.readiness()["broker"][1].ready, RECOVERY_SECONDS)
    returned = time.monotonic()
    await asyncio.to_thread(system.wait_until_ready, RECOVERY_SECONDS)
    tell(f"{what}: back after {returned - began:.1f} s, all ready {time.monotonic() - returned:.1f} s later")
