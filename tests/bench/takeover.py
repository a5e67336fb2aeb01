"""P-11: take-overs on two gateways while the first device goes on asking; no request begun too late may be let in."""

import asyncio
import time
from dataclasses import dataclass

import aiohttp
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure

from tests.auth.prepared import PreparedAccounts, prepared_accounts
from tests.auth.take_over_trial import Tally, Trial
from tests.bench._running import planned_system
from tests.gateway.beside import gateway_beside

TRIES = 2_000
AT_ONCE = 4


@dataclass(frozen=True)
class Tried:
    tally: Tally
    seconds: float


async def run(environment: Environment) -> list[Figure]:
    environment.without_servers()
    async with (
        planned_system(environment.directory / "system") as (layout, plan),
        gateway_beside(plan) as second,
        prepared_accounts(plan) as accounts,
    ):
        return [figure(await try_it(accounts, [layout.gateway_url, second.url], TRIES))]


async def try_it(accounts: PreparedAccounts, gateways: list[str], tries: int) -> Tried:
    """Take accounts over `tries` times, several accounts side by side."""
    opened = [await accounts.open() for _ in range(AT_ONCE)]
    began = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        trial = Trial(http, accounts, gateways)
        async with asyncio.TaskGroup() as trials:
            for account in opened:
                trials.create_task(trial.run(account, tries // AT_ONCE))
    return Tried(trial.tally, time.perf_counter() - began)


def figure(tried: Tried) -> Figure:
    tally = tried.tally
    return Figure(
        id="P-11",
        name="take-over on 2 gateways: first device let in after the second one's answer",
        value=tally.let_in_after,
        unit="requests answered 200",
        target=f"0 in {TRIES} take-overs",
        met=tally.let_in_after == 0 and tally.tries == TRIES,
        n=tally.tries,
        detail={
            "begun after the answer": dict(tally.after),
            "begun before the answer": dict(tally.before),
            "answers lost": tally.lost,
            "seconds": tried.seconds,
            "prepared, not asked over HTTP": "accounts, first log-ins, challenges and their codes",
        },
    )
