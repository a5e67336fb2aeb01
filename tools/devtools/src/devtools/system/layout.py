"""Where a running system keeps its things and which ports it uses. Two systems differ in both and never meet."""

import os
from dataclasses import dataclass
from pathlib import Path

from devtools.servers.ports import LOOPBACK, free_ports

ROOT = Path(__file__).resolve().parents[5]
DEFAULT_PORT_BASE = 27400


@dataclass(frozen=True, kw_only=True)
class Ports:
    gateway: int
    gateway_operations: int
    auth: int
    registration: int
    notifications: int
    records: int
    sandbox: int
    sandbox_smtp: int
    amqp: int
    epmd: int
    distribution: int
    mongodb: int

    @staticmethod
    def from_base(base: int) -> "Ports":
        """Return the ports a developer sees: the same ones every day."""
        return Ports(
            gateway=base,
            gateway_operations=base + 5,
            auth=base + 1,
            registration=base + 2,
            notifications=base + 3,
            records=base + 4,
            sandbox=base + 10,
            sandbox_smtp=base + 11,
            amqp=base + 20,
            epmd=base + 21,
            distribution=base + 22,
            mongodb=base + 30,
        )

    @staticmethod
    def free() -> "Ports":
        """Return ports nobody uses now, for a system of tests."""
        return Ports(**dict(zip(Ports.__dataclass_fields__, free_ports(len(Ports.__dataclass_fields__)), strict=True)))


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The data folder of one system, and its ports."""

    data: Path
    ports: Ports
    # In front of the names of databases, exchanges and queues; only systems of tests share servers with others.
    database_prefix: str = "ansinh"
    namespace: str = ""

    @staticmethod
    def of_developer() -> "Layout":
        base = int(os.environ.get("ANSINH_PORT_BASE", DEFAULT_PORT_BASE))
        return Layout(data=ROOT / ".data", ports=Ports.from_base(base))

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def plan_file(self) -> Path:
        return self.run / "plan.json"

    @property
    def state_file(self) -> Path:
        return self.run / "state.json"

    @property
    def holds(self) -> Path:
        """A file here named like a process keeps that process stopped."""
        return self.run / "hold"

    @property
    def gateway_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.gateway}"

    @property
    def public_addresses(self) -> tuple[str, str]:
        """Where browsers may reach the gateway: they allow passkeys under a name only, never under an IP address."""
        return self.gateway_url, f"http://localhost:{self.ports.gateway}"

    @property
    def sandbox_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.sandbox}"

    @property
    def e_id_redirect_address(self) -> str:
        """Where people come back to from the e-ID provider: as long as there is no web front, a page of the sandbox."""
        return f"{self.sandbox_url}/e-id/returned"

    def make(self) -> None:
        """Create the folders, open for this user only: secrets, people's data and logs are in them."""
        for folder in (self.data, self.logs, self.holds):
            folder.mkdir(parents=True, exist_ok=True)
        for private in (self.data, self.secrets, self.run):
            private.mkdir(parents=True, exist_ok=True)
            private.chmod(0o700)
