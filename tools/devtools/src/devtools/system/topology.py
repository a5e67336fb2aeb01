"""The plan of a whole system: servers, sandbox, services, gateway, and what each is told by its environment."""

import os
import sys

from devtools.processes.process import Command
from devtools.servers.ports import LOOPBACK
from devtools.system.layout import ROOT, Layout
from devtools.system.plan import Plan, Planned
from devtools.system.secrets import SecretStore
from devtools.system.servers import choose_broker, choose_database

SERVICES = ("auth", "registration", "notifications")
TWILIO_ACCOUNT = "AC" + "5" * 32


class Topology:
    """Builds the plan for one layout; the same layout and environment give the same plan."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._secrets = SecretStore(layout.secrets)

    def plan(self) -> Plan:
        """Return the plan, with all secrets made.

        Raises:
            RabbitNotInstalledError: No AMQP_URL is set, and no RabbitMQ is installed.
        """
        self._layout.make()
        database = choose_database(self._layout)
        broker = choose_broker(self._layout, self._secrets)
        services = [self._service(name, mongodb_url=database.url, amqp_url=broker.url) for name in SERVICES]
        return Plan((*broker.planned, *database.planned, self._sandbox(), *services, self._gateway()))

    def _service(self, name: str, *, mongodb_url: str, amqp_url: str) -> Planned:
        port = self._port(name)
        shared = {
            "PORT": str(port),
            "MONGODB_URL": mongodb_url,
            "AMQP_URL": amqp_url,
            "DATABASE": f"ansinh_{name}",
            "KEYRING_DATABASE": f"ansinh_{name}_keyring",
            "ASSERTION_KEYS_FILE": self._keys("assertion_keys"),
            "WRAPPING_KEYS_FILE": self._keys(f"{name}_wrapping_keys"),
            "BLIND_INDEX_KEYS_FILE": self._keys(f"{name}_blind_index_keys"),
            "SEALING_PRIVATE_KEY_FILE": self._keys(f"{name}_sealing_private_key"),
            "SEALING_PUBLIC_KEYS_FILE": str(self._secrets.public_keys_file(SERVICES)),
        }
        return self._python(name, (name, "serve"), name.upper(), shared | self._own(name), port)

    def _own(self, name: str) -> dict[str, str]:
        """Return what only this service is told."""
        if name != "notifications":
            return {}
        return {
            "TWILIO_BASE_URL": self._layout.sandbox_url,
            "TWILIO_ACCOUNT_SID": TWILIO_ACCOUNT,
            "TWILIO_AUTH_TOKEN": self._secrets.token("twilio_auth_token"),
            "SMTP_HOST": LOOPBACK,
            "SMTP_PORT": str(self._layout.ports.sandbox_smtp),
        }

    def _gateway(self) -> Planned:
        ports = self._layout.ports
        own = {
            "PORT": str(ports.gateway),
            "OPERATIONS_PORT": str(ports.gateway_operations),
            "ASSERTION_KEYS_FILE": self._keys("assertion_keys"),
        } | {f"{name.upper()}_URL": f"http://{LOOPBACK}:{self._port(name)}" for name in SERVICES}
        return self._python("gateway", ("gateway", "serve"), "GATEWAY", own, ports.gateway_operations)

    def _sandbox(self) -> Planned:
        ports = self._layout.ports
        own = {
            "HTTP_PORT": str(ports.sandbox),
            "SMTP_PORT": str(ports.sandbox_smtp),
            "ACCOUNT_SID": TWILIO_ACCOUNT,
            "AUTH_TOKEN": self._secrets.token("twilio_auth_token"),
        }
        return self._python("sandbox", ("devtools.sandbox",), "SANDBOX", own, ports.sandbox)

    def _python(
        self, name: str, module: tuple[str, ...], prefix: str, settings: dict[str, str], health_port: int
    ) -> Planned:
        command = Command(
            name=name,
            arguments=(sys.executable, "-m", *module),
            environment=_inherited() | {f"{prefix}_{key}": value for key, value in settings.items()},
            directory=ROOT,
            log_file=self._layout.logs / f"{name}.log",
        )
        return Planned(command=command, kind="service", probe=f"http://{LOOPBACK}:{health_port}/health/ready")

    def _port(self, service: str) -> int:
        return int(getattr(self._layout.ports, service))

    def _keys(self, name: str) -> str:
        return str(self._secrets.keys_file(name))


def _inherited() -> dict[str, str]:
    """Return what every Python process gets of this environment: enough to run, nothing that could change it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
