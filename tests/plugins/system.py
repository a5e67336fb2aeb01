"""The whole system for the tests of the final product: own servers, own data, run by the supervisor people use."""

import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from devtools.errors import ToldError
from devtools.servers.rabbitmq import find_scripts
from devtools.system.control import Control
from devtools.system.demo import DEMO_AGENCIES, Demo, DemoOfficer
from devtools.system.layout import Layout, Ports
from devtools.system.plan import Plan
from devtools.system.topology import Topology

from tests.plugins.servers import unreachable

# All tests come from one address, and from few sessions; the limits themselves have their own tests.
OVERRIDES = {
    # Everybody here comes from one address, and the story's people solve no puzzles.
    "auth": {"AUTH_CODES_PER_ADDRESS": "1000000"},
    "gateway": {
        "GATEWAY_GUEST_REQUESTS_BURST": "1000000",
        "GATEWAY_GUEST_REQUESTS_PER_SECOND": "100000",
        "GATEWAY_SESSION_REQUESTS_BURST": "1000000",
        "GATEWAY_SESSION_REQUESTS_PER_SECOND": "100000",
    },
    "notifications": {
        "NOTIFICATIONS_SMS_PER_PREFIX_AND_10_MINUTES": "1000000",
        "NOTIFICATIONS_SMS_PER_PREFIX_AND_DAY": "1000000",
        "NOTIFICATIONS_SMS_PER_MINUTE": "1000000",
        # A message whose sender was killed is settled within seconds; by default it takes minutes.
        "NOTIFICATIONS_SMTP_TIMEOUT_SECONDS": "5",
        "NOTIFICATIONS_LEASE_SLACK_SECONDS": "2",
        "NOTIFICATIONS_LOOK_UP_AFTER_SECONDS": "2",
    },
}


@dataclass(frozen=True)
class RunningSystem:
    """Everything a test may know about the system and do to it. Names: broker, database, sandbox, gateway, services."""

    layout: Layout
    control: Control
    plan: Plan
    officers: tuple[DemoOfficer, ...]

    @property
    def gateway_url(self) -> str:
        return self.layout.gateway_url

    @property
    def sandbox_url(self) -> str:
        return self.layout.sandbox_url

    @property
    def mongodb_url(self) -> str:
        return self.environment("auth")["AUTH_MONGODB_URL"]

    @property
    def amqp_url(self) -> str:
        return self.environment("auth")["AUTH_AMQP_URL"]

    def environment(self, name: str) -> Mapping[str, str]:
        """Return what this process was told."""
        return self.plan.named(name).command.environment

    def database(self, service: str) -> str:
        return self.environment(service)[f"{service.upper()}_DATABASE"]

    @property
    def log_files(self) -> dict[str, Path]:
        return {planned.name: planned.command.log_file for planned in self.plan.processes}

    def broker_control(self, *arguments: str) -> str:
        """Run `rabbitmqctl` against the system's private broker and return what it printed."""
        environment = dict(self.plan.named("broker").command.environment)
        program = str((find_scripts() or Path()) / "rabbitmqctl")
        done = subprocess.run(  # noqa: S603 - the package's own tool, against the node this fixture started
            [program, "--node", environment["RABBITMQ_NODENAME"], "--quiet", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    def kill(self, name: str) -> None:
        """Crash a process; the supervisor starts it again by itself."""
        self.control.kill(name)

    def restart(self, name: str) -> None:
        """End a process in order; the supervisor starts it again by itself."""
        self.control.restart(name)

    def hold(self, name: str) -> None:
        """Stop a process until `release`; returns when it has ended."""
        self.control.hold(name)

    def release(self, name: str) -> None:
        self.control.release(name)

    def new_officers(self) -> tuple[DemoOfficer, ...]:
        """Enrol an officer of each demo agency whom nobody else logs in as: an authenticator's code is good once."""
        demo = Demo(self.layout, self.plan)
        names = [f"canbo.{uuid.uuid4().hex[:8]}" for _ in DEMO_AGENCIES]
        with ThreadPoolExecutor() as pool:
            return tuple(pool.map(demo.enrol, names, DEMO_AGENCIES))

    def wait_until_ready(self, within_seconds: float = 60.0) -> None:
        """Return when every process answers that it is ready."""
        self.control.wait_until_ready(within_seconds=within_seconds)


@pytest.fixture(scope="session")
def system(request: pytest.FixtureRequest) -> Iterator[RunningSystem]:
    """Start one system for all tests that ask for it. A test that disturbs it leaves it ready again."""
    with _running_system(request) as running:
        yield running


@pytest.fixture(scope="module")
def own_system(request: pytest.FixtureRequest) -> Iterator[RunningSystem]:
    """Start a system for the tests of one module: for those that leave behind what others count."""
    with _running_system(request) as running:
        yield running


@contextmanager
def _running_system(request: pytest.FixtureRequest) -> Iterator[RunningSystem]:
    name = f"test{uuid.uuid4().hex[:12]}"
    with tempfile.TemporaryDirectory(prefix="ansinh-system-", ignore_cleanup_errors=True) as directory:
        layout = Layout(data=Path(directory), ports=Ports.free(), database_prefix=name, namespace=name)
        control = Control(layout)
        try:
            plan = Topology(layout, environment=_given(), overrides=OVERRIDES).plan()
            control.start(plan)
            control.wait_until_ready(within_seconds=90)
            yield RunningSystem(layout, control, plan, tuple(Demo(layout, plan).officers()))
        except ToldError as error:
            request.config.stash[unreachable]["the whole system"] = str(error)
            pytest.fail(str(error), pytrace=False)
        finally:
            control.stop()


def _given() -> dict[str, str]:
    """Prefer private servers, which tests may kill; a given broker is used only where none is installed."""
    given = os.environ.get("AMQP_URL")
    return {"AMQP_URL": given} if given and find_scripts() is None else {}
