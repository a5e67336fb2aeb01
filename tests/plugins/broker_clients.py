"""No test leaves a connection to the broker behind: its loop ends after the AMQP client's own tasks, not before.

The client ends a cut or a closing connection in tasks of its own. A loop that ends first destroys them half-way, and
the interpreter then complains during some later, innocent test.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aio_pika
import aiormq
import pytest

CLIENTS = tuple(str(Path(client.__file__).parent) for client in (aiormq, aio_pika) if client.__file__)
SECONDS_TO_FINISH = 10


@pytest.fixture(autouse=True)
def _broker_clients_end_first(request: pytest.FixtureRequest) -> None:
    if "amqp_url" in request.fixturenames or "system" in request.fixturenames:
        request.getfixturevalue("ended_broker_clients")


@pytest.fixture
async def ended_broker_clients() -> AsyncIterator[None]:
    """Set up before, so torn down after, whatever a test opens in its loop."""
    yield
    # One task of the client may start another: go on until there is none.
    while running := {task for task in asyncio.all_tasks() if _is_of_a_client(task)}:
        ended, _ = await asyncio.wait(running, timeout=SECONDS_TO_FINISH, return_when=asyncio.FIRST_COMPLETED)
        assert ended, f"a connection to the broker was left open: {running}"


def _is_of_a_client(task: "asyncio.Task[object]") -> bool:
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and code.co_filename.startswith(CLIENTS)
