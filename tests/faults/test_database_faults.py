"""R-3: the database killed, and stopped for a while, under a load."""

import asyncio
import time
from collections import Counter

import aiohttp
import pytest

from tests.faults.conftest import RECOVERY_SECONDS, ROUNDS, Trial, tell
from tests.faults.registering import some_requests_later
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow]

_STRANGERS_TOKEN = f"sit_{'A' * 43}"
# Reads and writes, open to everyone and not.
_REQUESTS = (
    ("GET", "registration/v1/agencies", None),
    ("POST", "registration/v1/declarations", {"language": "vi"}),
    ("GET", "registration/v1/officer/queue", None),
    ("GET", "auth/v1/me", None),
)


@pytest.mark.sec("F-14")
@pytest.mark.sec("I1")
@pytest.mark.sec("I2")
async def test_a_killed_database_loses_and_doubles_no_commit(trial: Trial) -> None:
    for number in range(ROUNDS):
        async with trial.under_load(f"round {number + 1}, database killed") as ledger:
            await some_requests_later(trial.chance, ledger)
            await asyncio.to_thread(trial.system.kill, "database")
            await _recovered(trial.system, "killed database")
            await some_requests_later(trial.chance, ledger)


@pytest.mark.sec("F-14")
@pytest.mark.sec("SES-07")
async def test_without_the_database_every_request_is_answered_503(trial: Trial) -> None:
    for number in range(ROUNDS):
        async with trial.under_load(f"round {number + 1}, database stopped") as ledger:
            await some_requests_later(trial.chance, ledger)
            await asyncio.to_thread(trial.system.hold, "database")
            try:
                answers = await _answers(trial.system)
            finally:
                await asyncio.to_thread(trial.system.release, "database")
            await _recovered(trial.system, "released database")
            await some_requests_later(trial.chance, ledger)
        assert answers.keys() == {(503, True)}, answers


async def _answers(system: RunningSystem) -> Counter[tuple[int, bool]]:
    """Count the answers by status, and by whether they say when to come again."""
    headers = {"Authorization": f"Bearer {_STRANGERS_TOKEN}"}
    found: Counter[tuple[int, bool]] = Counter()
    async with aiohttp.ClientSession(f"{system.gateway_url}/api/") as http:
        for method, path, body in _REQUESTS:
            async with http.request(method, path, json=body, headers=headers) as response:
                found[response.status, "Retry-After" in response.headers] += 1
    return found


async def _recovered(system: RunningSystem, what: str) -> None:
    began = time.monotonic()
    await asyncio.to_thread(system.wait_until_ready, RECOVERY_SECONDS)
    tell(f"{what}: all ready again after {time.monotonic() - began:.1f} s")
