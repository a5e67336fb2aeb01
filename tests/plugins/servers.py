"""The database and the broker the tests talk to: those given by variable, else private ones, started when first needed.

A server that cannot be reached makes its tests errors, never skips: a run without its servers must not look green.
"""

import asyncio
import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import connect
from devtools.servers import RabbitNode, RabbitNotInstalledError, SecantusServer, ServerFailedError
from devtools.servers.probes import amqp_answers

MARK_OF_FIXTURE = {"mongo_url": "mongo", "amqp_url": "rabbit", "system": "system"}
unreachable = pytest.StashKey[dict[str, str]]()


@pytest.fixture(scope="session")
def mongo_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server that speaks MongoDB's protocol."""
    if given := os.environ.get("MONGODB_URL"):
        if not asyncio.run(_mongodb_answers(given)):
            _fail(request, "MongoDB", "MONGODB_URL is set, and nothing answers there")
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="ansinh-test-", ignore_cleanup_errors=True) as directory:
        try:
            server = SecantusServer(Path(directory)).__enter__()
        except ServerFailedError as error:
            _fail(request, "MongoDB", str(error))
        yield server.url
        server.stop()


@pytest.fixture(scope="session")
def amqp_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a RabbitMQ node."""
    if given := os.environ.get("AMQP_URL"):
        parts = urlsplit(given)
        if not amqp_answers(parts.hostname or "", parts.port or 5672, timeout_seconds=5):
            _fail(request, "RabbitMQ", "AMQP_URL is set, and nothing answers there")
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="ansinh-test-", ignore_cleanup_errors=True) as directory:
        try:
            node = RabbitNode(Path(directory)).__enter__()
        except (ServerFailedError, RabbitNotInstalledError) as error:
            _fail(request, "RabbitMQ", str(error))
        yield node.url
        node.stop()


@pytest.fixture
async def database_name(mongo_url: str) -> AsyncIterator[str]:
    """A name no other test uses; the database, and `<name>_keyring` beside it, are dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    yield name
    client = connect(mongo_url, app_name="tests")
    for database in (name, f"{name}_keyring"):
        await client.drop_database(database)
    client.close()


@pytest.fixture
def broker_namespace() -> str:
    """A prefix for exchanges and queues that no other test uses."""
    return f"test-{uuid.uuid4().hex}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the servers it asks for, so that `-m "not rabbit"` can be relied on."""
    for item in items:
        for fixture in set(getattr(item, "fixturenames", ())) & set(MARK_OF_FIXTURE):
            item.add_marker(MARK_OF_FIXTURE[fixture])


def pytest_configure(config: pytest.Config) -> None:
    config.stash[unreachable] = {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for server, reason in config.stash[unreachable].items():
        terminalreporter.section(f"{server} could not be reached: its tests did NOT run", red=True, bold=True)
        terminalreporter.write_line(reason)


def _fail(request: pytest.FixtureRequest, server: str, reason: str) -> NoReturn:
    request.config.stash[unreachable][server] = reason
    pytest.fail(f"{server}: {reason}", pytrace=False)


async def _mongodb_answers(url: str) -> bool:
    client = connect(url, app_name="tests", timeout_seconds=5)
    try:
        await client.ping()
    except UnavailableError:
        return False
    finally:
        client.close()
    return True
