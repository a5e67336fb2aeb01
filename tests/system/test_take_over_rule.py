"""SES-04 on two gateways, in order and under faults: 401 or 503 to a request begun after the second answer, never 200.

`./dev bench takeover` tries it 2,000 times; here each condition has a short round.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import psutil
import pytest

from tests.auth.prepared import prepared_accounts
from tests.auth.take_over_trial import Tally, Trial
from tests.eventually import eventually
from tests.gateway.beside import gateway_beside
from tests.kit.messaging.fault_proxy import FaultProxy
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.sec("SES-04"), pytest.mark.sec("I6")]

PLAYERS = 3
SECONDS_FOR_TRIES = 120.0
# Under the 250 ms after which a gateway gives its question up, and well above.
SLOW_ANSWERS = (0.0, 0.02, 0.12, 0.4)


@dataclass
class Trying:
    """Take-overs going on, and the way between the second gateway and auth, to be disturbed meanwhile."""

    system: RunningSystem
    tally: Tally
    to_auth: FaultProxy

    async def tries(self, more: int) -> None:
        """Return when so many more second devices hold their answers."""
        due = self.tally.tries + more
        await eventually(lambda: self.tally.tries >= due, SECONDS_FOR_TRIES, says=f"{more} more take-overs")

    async def asked_after(self, more: int) -> None:
        due = self.tally.asked_after + more
        await eventually(lambda: self.tally.asked_after >= due, SECONDS_FOR_TRIES, says=f"{more} more requests")


@pytest.fixture
async def trying(own_system: RunningSystem) -> AsyncIterator[Trying]:
    """Take accounts over without a pause; at the end ask whether anybody was let in who must not be.

    In a system of its own: people are told of every take-over, and other tests count what people are told.
    """
    system = own_system
    auth_url = system.environment("gateway")["GATEWAY_AUTH_URL"]
    async with (
        FaultProxy(auth_url).serving() as to_auth,
        gateway_beside(system.plan, GATEWAY_AUTH_URL=to_auth.url) as second,
        prepared_accounts(system.plan) as accounts,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
    ):
        trial = Trial(http, accounts, [system.gateway_url, second.url])
        async with _playing(trial):
            yield Trying(system, trial.tally, to_auth)
    assert trial.tally.let_in_after == 0, trial.tally.summary()
    assert not trial.tally.unexpected, trial.tally.summary()


@asynccontextmanager
async def _playing(trial: Trial) -> AsyncIterator[None]:
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as players:
        for _ in range(PLAYERS):
            players.create_task(trial.go_on(enough))
        try:
            yield
        finally:
            enough.set()


async def test_nobody_is_let_in_with_a_replaced_token(trying: Trying) -> None:
    await trying.tries(30)
    # On a busy machine some are 503: auth did not say in time. Never is it a yes, as the fixture asks in the end.
    assert trying.tally.after["401 session_replaced"] > trying.tally.tries


@pytest.mark.sec("F-11")
@pytest.mark.sec("F-02")
async def test_nor_while_auth_is_restarted_and_killed(trying: Trying) -> None:
    await trying.tries(3)
    await asyncio.to_thread(trying.system.restart, "auth")
    await trying.tries(5)
    await asyncio.to_thread(trying.system.kill, "auth")
    await trying.tries(5)
    await asyncio.to_thread(trying.system.wait_until_ready, 120.0)


@pytest.mark.sec("F-12")
async def test_nor_while_the_broker_is_down(trying: Trying) -> None:
    await asyncio.to_thread(trying.system.hold, "broker")
    try:
        await trying.tries(10)
    finally:
        await asyncio.to_thread(trying.system.release, "broker")
        await asyncio.to_thread(trying.system.wait_until_ready, 120.0)
    assert trying.tally.after["401 session_replaced"], "the rule needs no broker"


@pytest.mark.sec("F-16")
@pytest.mark.parametrize("way", ["forth", "back"])
async def test_nor_while_nothing_passes_one_way_between_a_gateway_and_auth(trying: Trying, way: str) -> None:
    await trying.tries(3)
    cut: asyncio.Event = getattr(trying.to_auth, way)
    cut.clear()
    await trying.asked_after(12)
    cut.set()
    trying.to_auth.cut()
    await trying.tries(5)
    assert trying.tally.after["503"], "the gateway that was cut off says so"


@pytest.mark.sec("F-16")
async def test_nor_while_a_gateways_connections_to_auth_are_cut_again_and_again(trying: Trying) -> None:
    for _ in range(10):
        await trying.tries(1)
        trying.to_auth.cut()


@pytest.mark.sec("F-18")
async def test_nor_while_answers_about_sessions_come_late(trying: Trying) -> None:
    """Some within the time a gateway waits: a yes of before the take-over may not answer a question of after it."""
    trying.to_auth.delay_seconds = lambda: random.choice(SLOW_ANSWERS)  # noqa: S311 - scatter
    await trying.tries(15)


@pytest.mark.sec("F-10")
async def test_nor_while_auth_stands_still(trying: Trying) -> None:
    state = trying.system.control.state()
    assert state is not None
    auth = psutil.Process(state.processes["auth"].pid)
    await trying.tries(3)
    auth.suspend()
    try:
        await trying.asked_after(0)
        await asyncio.to_thread(_stands_still, auth)
    finally:
        auth.resume()
    await trying.tries(5)


def _stands_still(process: psutil.Process, seconds: float = 1.5) -> None:
    """Let the process be for longer than any gateway waits; looking on is the only way to know."""
    with pytest.raises(psutil.TimeoutExpired):
        process.wait(seconds)
