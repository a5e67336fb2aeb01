"""How long the faults go on, by which chance, and what is checked after each."""

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults import invariants
from tests.faults.draining import drained
from tests.faults.ledger import Ledger
from tests.faults.messages import sms_received
from tests.faults.registering import Office, registering
from tests.faults.stored_logs import databases
from tests.faults.views import rebuilt_views_equal_the_live_ones
from tests.plugins.system import RunningSystem

ROUNDS = int(os.environ.get("ANSINH_FAULT_ROUNDS", "1"))
# Until every process says that it is ready: generous, for a machine that has other work too.
RECOVERY_SECONDS = 120.0
# What one round may take at the very most, with others at work on the same two cores.
_SECONDS_OF_A_ROUND = 400


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(_SECONDS_OF_A_ROUND * ROUNDS))


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The chance of this test, from the seed that is printed at the beginning of the run."""
    return random.Random(f"{request.config.getoption('randomly_seed')} {request.node.name}")  # noqa: S311 - repeatable on purpose


class Trial:
    """Puts a load on the system, lets a test break things under it, and then asks whether all invariants hold."""

    def __init__(self, system: RunningSystem, office: Office, chance: random.Random, patch: pytest.MonkeyPatch) -> None:
        self.system = system
        self._office = office
        self.chance = chance
        self._patch = patch

    @asynccontextmanager
    async def under_load(self, what: str) -> AsyncIterator[Ledger]:
        """Break things inside. On leaving: heal, drain, check I1 to I5 and I9, and say what it took."""
        async with registering(self.system, self._office, self.chance) as ledger:
            yield ledger
        healed = time.monotonic()
        async with databases(self.system) as stored:
            await drained(self.system, stored, ledger)
            seconds = time.monotonic() - healed
            await invariants.every_acknowledged_write_is_in_the_log(stored, ledger)
            await invariants.every_log_is_dense_and_unique(stored)
            await invariants.every_valid_declaration_has_one_account(stored, ledger)
            await invariants.every_fact_was_told_once(stored, ledger, await sms_received(self.system))
            await invariants.nothing_is_left_behind(self.system, stored)
        await rebuilt_views_equal_the_live_ones(self.system, self._patch)
        tell(f"{what}: {ledger.summary()}; drained in {seconds:.1f} s")


@pytest.fixture(scope="session")
def office(system: RunningSystem) -> Office:
    """One session for all faults: none of them may end it."""
    return asyncio.run(Office.open(system))


@pytest.fixture
def trial(system: RunningSystem, office: Office, chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> Trial:
    return Trial(system, office, chance, monkeypatch)


def tell(line: str) -> None:
    """Show a figure: with `-s` as it comes, else only if the test fails."""
    sys.stdout.write(f"\n  {line}\n")
