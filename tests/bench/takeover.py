"""P-11: take-overs on two gateways while the first device goes on asking; no request begun too late may be let in."""

import asyncio
import time
from dataclasses import dataclass

import aiohttp
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, Spread
from devtools.errors import ToldError

from tests.auth.prepared import Account, PreparedAccounts, prepared_accounts
from tests.auth.take_over_trial import Tally, Trial
from tests.bench._running import planned_system
from tests.gateway.beside import gateway_beside

TRIES = 2_000
NEWS_TRIES, NEWS_MILLISECONDS = 200, 250.0
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
        gateways = [layout.gateway_url, second.url]
        news = await news_times(accounts, gateways)
        return [figure(await try_it(accounts, gateways, TRIES)), news_figure(news)]


async def news_times(accounts: PreparedAccounts, gateways: list[str]) -> list[float]:
    """Take accounts over one by one; return the milliseconds from the second device's answer to the first one's news.

    The first device listens at one gateway, the second comes by the other. News that came before the answer was read
    count as none at all to wait for.
    """
    account = await accounts.open()
    token = await accounts.log_in(account)
    times = []
    async with aiohttp.ClientSession() as http:
        for number in range(NEWS_TRIES):
            listening, other = gateways[number % 2], gateways[(number + 1) % 2]
            async with http.get(f"{listening}/api/news/v1/events", headers=bearer(token)) as stream:
                await until_said(stream, b"event: open")
                token, answered_at = await taken_over(http, other, accounts, account)
                await until_said(stream, b"event: session_ended")
                times.append(max(0.0, (time.perf_counter() - answered_at) * 1000))
    return times


async def taken_over(
    http: aiohttp.ClientSession, gateway: str, accounts: PreparedAccounts, account: Account
) -> tuple[str, float]:
    """Let a second device in; return its token, and when its answer had been read."""
    ready = await accounts.take_over(account)
    url = f"{gateway}/api/auth/v1/take-overs/{ready.take_over_id}/confirm"
    async with http.post(url, json={"code": ready.code}) as response:
        body = await response.json()
        return str(body["token"]), time.perf_counter()


async def until_said(stream: aiohttp.ClientResponse, words: bytes) -> None:
    """Return when the stream has said these words.

    Raises:
        ToldError: It ended without.
    """
    async for line in stream.content:
        if line.startswith(words):
            return
    raise ToldError(f"the stream ended without {words.decode()}")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def news_figure(milliseconds: list[float]) -> Figure:
    spread = Spread.of(milliseconds)
    return Figure(
        id="P-11",
        name="take-over on 2 gateways: news to the first device, after the second one's answer",
        value=spread.p99,
        unit="ms (p99)",
        target=f"<= {NEWS_MILLISECONDS:.0f} ms",
        met=spread.p99 <= NEWS_MILLISECONDS,
        n=spread.n,
        p50=spread.p50,
        p95=spread.p95,
        p99=spread.p99,
        detail={"one after the other": True, "highest": spread.highest},
    )


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
