"""Log-ins per second and core, through the gateway, beside the bare argon2id that each of them has to pay for."""

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count

import aiohttp
from argon2.low_level import Type, hash_secret_raw
from auth.storage.password_hashing import HashCost
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, Spread

from tests.auth.prepared import PASSWORD, Account, PreparedAccounts, prepared_accounts
from tests.bench._running import planned_system

ACCOUNTS = 600
FLOOR_SECONDS = 5.0
CORES = os.cpu_count() or 1
AT_ONCE = 2 * CORES


@dataclass(frozen=True)
class LogIns:
    """`milliseconds` of every log-in, those refused included."""

    milliseconds: list[float]
    seconds: float
    refused: int

    @property
    def per_second_and_core(self) -> float:
        return len(self.milliseconds) / self.seconds / CORES


async def run(environment: Environment) -> list[Figure]:
    environment.without_servers()
    async with planned_system(environment.directory / "system") as (layout, plan), prepared_accounts(plan) as accounts:
        opened = await _opened(accounts)
        before = await asyncio.to_thread(bare_hashes_per_second_and_core)
        found = await log_in_all(f"{layout.gateway_url}/api/auth/v1/sessions", opened)
        after = await asyncio.to_thread(bare_hashes_per_second_and_core)
        return [figure(found, (before, after))]


async def _opened(accounts: PreparedAccounts) -> list[Account]:
    return [await accounts.open() for _ in range(ACCOUNTS)]


def bare_hashes_per_second_and_core() -> float:
    """Hash at today's cost in as many threads as there are cores, and nothing else."""
    cost, salt, over = HashCost(), os.urandom(16), time.perf_counter() + FLOOR_SECONDS

    def hash_on(_: int) -> int:
        for made in count(1):
            hash_secret_raw(
                PASSWORD.encode(),
                salt,
                time_cost=cost.rounds,
                memory_cost=cost.memory_kib,
                parallelism=cost.lanes,
                hash_len=32,
                type=Type.ID,
            )
            if time.perf_counter() > over:
                return made
        raise AssertionError

    with ThreadPoolExecutor(CORES) as threads:
        return sum(threads.map(hash_on, range(CORES))) / FLOOR_SECONDS / CORES


async def log_in_all(url: str, accounts: list[Account]) -> LogIns:
    """Log every account in once, a few at a time, each with its own device's first session."""
    waiting = list(accounts)
    milliseconds: list[float] = []
    refused = 0

    async def log_in_on(http: aiohttp.ClientSession) -> None:
        nonlocal refused
        while waiting:
            device = {"kind": "phone", "name": "Điện thoại"}
            body = {"user_name": waiting.pop().number, "password": PASSWORD, "device": device}
            sent = time.perf_counter()
            async with http.post(url, json=body) as response:
                await response.read()
                refused += response.status != HTTPStatus.CREATED
            milliseconds.append((time.perf_counter() - sent) * 1000)

    began = time.perf_counter()
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as people:
        for _ in range(AT_ONCE):
            people.create_task(log_in_on(http))
    return LogIns(milliseconds, time.perf_counter() - began, refused)


def figure(found: LogIns, floors: tuple[float, float]) -> Figure:
    spread, floor = Spread.of(found.milliseconds), sum(floors) / 2
    return Figure(
        id="LIM-04",
        name=f"log-ins through the gateway / bare argon2id, {AT_ONCE} at once",
        value=found.per_second_and_core,
        unit="1/s and core",
        floor=floor,
        ratio=found.per_second_and_core / floor,
        target="none set",
        met=None,
        n=spread.n,
        p50=spread.p50,
        p95=spread.p95,
        p99=spread.p99,
        spread=abs(floors[0] - floors[1]) / floor,
        detail={
            "percentiles": "milliseconds from sending to the last byte",
            "refused": found.refused,
            "cost": str(HashCost()),
            "floor before and after": floors,
            "on the same cores": "load, gateway, auth, database, broker and the other services",
        },
    )
