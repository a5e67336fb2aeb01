"""R-9: two devices, two officers, two submits at the same instant. Exactly one wins, the others are told why.

`ANSINH_RACE_ROUNDS` says how often each is played: a few times here, a thousand times by `./dev races --rounds 1000`.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from tests.auth.prepared import prepared_accounts
from tests.faults.citizens import citizens
from tests.faults.conftest import tell
from tests.faults.contests import Arena, Contest
from tests.faults.registering import Office
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.sec("F-35")]

ROUNDS = int(os.environ.get("ANSINH_RACE_ROUNDS", "5"))
_SECONDS_OF_A_ROUND = 20
_MOST_DEVICES = 5
# An edge that was too busy for one of them decides nothing; it must not be what mostly happens.
_UNDECIDED_FOR_ONE_ROUND = 5


@pytest.fixture(scope="module")
def offices(own_system: RunningSystem) -> tuple[Office, Office]:
    """Two officers of one agency."""
    return asyncio.run(Office.open(own_system)), asyncio.run(Office.open(own_system))


@pytest.fixture
async def arena(own_system: RunningSystem, offices: tuple[Office, Office]) -> AsyncIterator[Arena]:
    async with (
        prepared_accounts(own_system.plan) as accounts,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
    ):
        yield Arena(http, own_system.gateway_url, accounts, offices)


@pytest.mark.req("S-53")
@pytest.mark.timeout(120 + _SECONDS_OF_A_ROUND * ROUNDS)
@pytest.mark.parametrize("what", ["log_ins", "take_overs", "one_code"])
async def test_of_devices_that_come_at_once_one_gets_in(arena: Arena, chance: random.Random, what: str) -> None:
    make = getattr(arena, what)
    await _play(arena, what, lambda: make(chance.randint(2, _MOST_DEVICES)))


@pytest.mark.sec("SEC-06")
@pytest.mark.timeout(120 + _SECONDS_OF_A_ROUND * ROUNDS)
@pytest.mark.parametrize("what", ["submits", "claims", "decisions"])
async def test_a_declaration_is_sent_claimed_and_decided_once(arena: Arena, chance: random.Random, what: str) -> None:
    make, people = getattr(arena, what), citizens(chance)
    await _play(arena, what, lambda: make(next(people)))


async def _play(arena: Arena, what: str, make: Callable[[], Awaitable[Contest]]) -> None:
    played = undecided = 0
    while played < ROUNDS:
        contest = await make()
        outcome = await arena.hold(contest)
        if outcome is None:
            undecided += 1
            assert undecided <= _UNDECIDED_FOR_ONE_ROUND * ROUNDS, "too busy to decide anything"
            continue
        played += 1
        assert outcome.won == 1, (what, played, outcome)
        assert outcome.lost <= contest.told, (what, played, outcome)
    tell(f"{what}: {played} rounds, one winner in each; {undecided} more in which somebody got no answer")
