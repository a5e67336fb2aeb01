"""The plan of a whole system: servers, sandbox, services, gateway, and what each is told by its environment."""

import os
import sys
from collections.abc import Mapping

from devtools.processes.process import Command
from devtools.servers.ports import LOOPBACK
from devtools.system.layout import ROOT, Layout
from devtools.system.plan import Plan, Planned
from devtools.system.secrets import SecretStore
from devtools.system.servers import choose_broker, choose_database

SERVICES = ("auth", "registration", "notifications", "records")
TWILIO_ACCOUNT = "AC" + "5" * 32
E_ID_CLIENT = "ansinh"

Settings = dict[str, str]


class Topology:
    """Builds the plan for one layout; the same layout and environment give the same plan."""

    def __init__(
        self,
        layout: Layout,
        *,
        environment: Mapping[str, str] = os.environ,
        overrides: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Take server addresses from `environment`.

        Args:
            overrides: More variables by the name of the process, over those it gets anyway.
        """
        self._layout = layout
        self._environment = environment
        self._overrides = overrides or {}
        self._secrets = SecretStore(layout.secrets)

    def plan(self) -> Plan:
        """Return the plan, with all secrets made.

        Raises:
            RabbitNotInstalledError: No AMQP_URL is set, and no RabbitMQ is installed.
        """
        self._layout.make()
        database = choose_database(self._layout, self._environment)
        broker = choose_broker(self._layout, self._environment, self._secrets)
        messages = {"AMQP_URL": broker.url, "NAMESPACE": self._layout.namespace}
        services = [self._service(name, {"MONGODB_URL": database.url, **messages}) for name in SERVICES]
        return Plan((*broker.planned, *database.planned, self._sandbox(), *services, self._gateway(messages)))

    def _service(self, name: str, shared: Settings) -> Planned:
        database = f"{self._layout.database_prefix}_{name}"
        every = {
            "PORT": str(self._port(name)),
            "DATABASE": database,
            "KEYRING_DATABASE": f"{database}_keyring",
            "ASSERTION_KEYS_FILE": self._keys(f"{name}_assertion_keys"),
            "WRAPPING_KEYS_FILE": self._keys(f"{name}_wrapping_keys"),
            "BLIND_INDEX_KEYS_FILE": self._keys(f"{name}_blind_index_keys"),
            "SEALING_PRIVATE_KEY_FILE": self._keys(f"{name}_sealing_private_key"),
            "SEALING_PUBLIC_KEYS_FILE": str(self._secrets.public_keys_file(SERVICES)),
        }
        return self._python(name, (name, "serve"), shared | every | self._own(name), self._port(name))

    def _own(self, name: str) -> Settings:
        """Return what only this service is told."""
        match name:
            case "auth":
                return {
                    "PASSWORD_PEPPERS_FILE": self._keys("auth_password_peppers"),
                    "CODE_KEYS_FILE": self._keys("auth_code_keys"),
                    "PUBLIC_ADDRESSES": ",".join(self._layout.public_addresses),
                    **self._identity_provider(),
                }
            case "notifications":
                return self._carriers()
            case "records":
                return {
                    "CARD_CODE_KEYS_FILE": self._keys("records_card_code_keys"),
                    "EXPORT_CHECK_ADDRESS": f"{self._layout.gateway_url}/api/records/v1/public/export-checks/",
                }
            case _:
                return {}

    def _identity_provider(self) -> Settings:
        """Return the way to the sandbox's e-ID provider, which vouches for whoever types a citizen number."""
        return {
            "E_ID_ISSUER": f"{self._layout.sandbox_url}/e-id",
            "E_ID_HOSTS": LOOPBACK,
            "E_ID_CLIENT_ID": E_ID_CLIENT,
            "E_ID_CLIENT_SECRET_FILE": str(self._secrets.token_file("e_id_client_secret")),
            "E_ID_REDIRECT_ADDRESS": self._layout.e_id_redirect_address,
            "E_ID_SANDBOX_ALLOWED": "true",
        }

    def _carriers(self) -> Settings:
        """Return the way to the sandbox, which stands in for the carriers of SMS and mail."""
        return {
            "TWILIO_BASE_URL": self._layout.sandbox_url,
            "TWILIO_ACCOUNT_SID": TWILIO_ACCOUNT,
            "TWILIO_AUTH_TOKEN_FILE": str(self._secrets.token_file("twilio_auth_token")),
            "CALL_BACK_URL": f"{self._layout.gateway_url}/api/notifications/v1/callbacks/twilio/status",
            "PORTAL_URL": self._layout.gateway_url,
            "SMTP_HOST": LOOPBACK,
            "SMTP_PORT": str(self._layout.ports.sandbox_smtp),
        }

    def _gateway(self, messages: Settings) -> Planned:
        ports = self._layout.ports
        own = {
            **messages,
            "PORT": str(ports.gateway),
            "OPERATIONS_PORT": str(ports.gateway_operations),
        }
        for name in SERVICES:
            own[f"{name.upper()}_URL"] = f"http://{LOOPBACK}:{self._port(name)}"
            own[f"{name.upper()}_ASSERTION_KEYS_FILE"] = self._keys(f"{name}_assertion_keys")
        return self._python("gateway", ("gateway", "serve"), own, ports.gateway_operations)

    def _sandbox(self) -> Planned:
        ports = self._layout.ports
        own = {
            "HTTP_PORT": str(ports.sandbox),
            "SMTP_PORT": str(ports.sandbox_smtp),
            "ACCOUNT_SID": TWILIO_ACCOUNT,
            "AUTH_TOKEN": self._secrets.token("twilio_auth_token"),
            "E_ID_ADDRESS": self._layout.sandbox_url,
            "E_ID_SHOWN_AT": self._layout.sandbox_url,
            "E_ID_CLIENT_ID": E_ID_CLIENT,
            "E_ID_CLIENT_SECRET": self._secrets.token("e_id_client_secret"),
            "E_ID_REDIRECT_ADDRESS": self._layout.e_id_redirect_address,
        }
        return self._python("sandbox", ("devtools.sandbox",), own, ports.sandbox)

    def _python(self, name: str, module: tuple[str, ...], settings: Settings, health_port: int) -> Planned:
        """Plan a Python process whose settings have its name in front."""
        prefixed = {f"{name.upper()}_{key}": value for key, value in settings.items()}
        command = Command(
            name=name,
            arguments=(sys.executable, "-m", *module),
            environment={**_inherited(), **prefixed, **self._overrides.get(name, {})},
            directory=ROOT,
            log_file=self._layout.logs / f"{name}.log",
            grace_seconds=35.0,
        )
        return Planned(command=command, kind="service", probe=f"http://{LOOPBACK}:{health_port}/health/ready")

    def _port(self, service: str) -> int:
        return int(getattr(self._layout.ports, service))

    def _keys(self, name: str) -> str:
        return str(self._secrets.keys_file(name))


def _inherited() -> Settings:
    """Return what every Python process gets of this environment: enough to run, nothing that could change it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
