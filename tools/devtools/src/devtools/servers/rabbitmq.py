"""A private RabbitMQ node from an installed package: own name, ports, data, logs, configuration and cookie.

It never touches the machine's own broker service and needs no rights beyond the present user's.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from devtools.errors import ToldError
from devtools.processes.process import Command
from devtools.servers.ports import LOOPBACK, free_ports
from devtools.servers.probes import amqp_answers
from devtools.servers.server import PrivateServer, ServerFailedError

# The package's own scripts. /usr/sbin/rabbitmq-server of Debian is a wrapper that insists on the user `rabbitmq`.
PLACES = (
    "/usr/lib/rabbitmq/bin",
    "/usr/local/lib/rabbitmq/bin",
    "/opt/rabbitmq/sbin",
    "/opt/homebrew/opt/rabbitmq/sbin",
    "/usr/local/opt/rabbitmq/sbin",
)
REGISTER = "broker-register"
PACKAGE_FOLDERS = ("/usr/lib/rabbitmq/lib", "/opt", "/usr/local")


class RabbitNotInstalledError(ToldError):
    """No RabbitMQ server was found on this machine."""

    def __init__(self) -> None:
        super().__init__("RabbitMQ is not installed: run `apt-get install rabbitmq-server`, or set AMQP_URL")


def find_scripts() -> Path | None:
    """Return the folder with the package's own `rabbitmq-server` and `rabbitmqctl`, if one is installed."""
    return next((place for place in _candidates() if (place / "rabbitmq-server").is_file()), None)


def _candidates() -> Iterable[Path]:
    if home := os.environ.get("RABBITMQ_HOME"):
        yield Path(home) / "sbin"
    yield from map(Path, PLACES)
    for folder in PACKAGE_FOLDERS:
        yield from (found / "sbin" for found in sorted(Path(folder).glob("rabbitmq_server-*"), reverse=True))


class RabbitNode(PrivateServer):
    """One node with its own epmd (Erlang's port register), both children of this process and ended by their ids."""

    def __init__(
        self,
        directory: Path,
        *,
        ports: tuple[int, int, int] | None = None,
        user: str = "ansinh",
        password: str = "",
    ) -> None:
        """Prepare a node; `ports` are those for AMQP, epmd and Erlang's distribution, free ones by default."""
        scripts, epmd = find_scripts(), shutil.which("epmd")
        if scripts is None or epmd is None:
            raise RabbitNotInstalledError
        self.port, self._epmd_port, self._distribution_port = ports or free_ports(3)
        self._scripts = scripts
        self._user, self._password = user, password or secrets.token_hex(16)
        super().__init__(directory, [self._register(directory, epmd), self._node(directory)])

    @property
    def url(self) -> str:
        return f"amqp://{self._user}:{self._password}@{LOOPBACK}:{self.port}/"

    @property
    def helper_ports(self) -> dict[str, int]:
        return {REGISTER: self._epmd_port}

    @property
    def node_name(self) -> str:
        return f"ansinh-{self.port}@localhost"

    def answers(self) -> bool:
        return amqp_answers(LOOPBACK, self.port)

    def control(self, *arguments: str, timeout_seconds: float = 60.0) -> str:
        """Run `rabbitmqctl` against this node and return what it printed.

        Raises:
            ServerFailedError: It refused, with what it said.
        """
        done = subprocess.run(
            [str(self._scripts / "rabbitmqctl"), "--node", self.node_name, "--quiet", *arguments],
            env=self._environment(self.directory),
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout_seconds,
        )
        if done.returncode != 0:
            raise ServerFailedError(f"rabbitmqctl {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def prepare(self) -> None:
        for folder in ("data", "log"):
            (self.directory / folder).mkdir(parents=True, exist_ok=True)
        self._write_configuration()
        # No plugins: they slow the start, and nothing here uses them.
        (self.directory / "enabled_plugins").write_text("[].\n", encoding="ascii")
        (self.directory / "env.conf").touch()

    def _write_configuration(self) -> None:
        lines = (
            f"listeners.tcp.1 = {LOOPBACK}:{self.port}",
            f"default_user = {self._user}",
            f"default_pass = {self._password}",
            "default_permissions.configure = .*",
            "default_permissions.read = .*",
            "default_permissions.write = .*",
            "disk_free_limit.absolute = 50MB",
            "log.file.level = info",
            "log.console = false",
        )
        path = self.directory / "rabbitmq.conf"
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n", encoding="ascii")

    def _register(self, directory: Path, epmd: str) -> Command:
        """Erlang would start epmd as a daemon that outlives the node and whose id nobody knows; ours is a child."""
        return Command(
            name=REGISTER,
            arguments=(epmd, "-port", str(self._epmd_port), "-address", LOOPBACK),
            environment=self._environment(directory),
            directory=directory,
            log_file=directory / "epmd.log",
        )

    def _node(self, directory: Path) -> Command:
        return Command(
            name="broker",
            arguments=(str(self._scripts / "rabbitmq-server"),),
            environment=self._environment(directory),
            directory=directory,
            log_file=directory / "rabbitmq.log",
            grace_seconds=30.0,
        )

    def _environment(self, directory: Path) -> dict[str, str]:
        data = directory / "data"
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": str(directory),  # the Erlang cookie is made there, readable by this user only
            "RABBITMQ_NODENAME": self.node_name,
            "RABBITMQ_CONF_ENV_FILE": str(directory / "env.conf"),
            "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq"),
            "RABBITMQ_CONFIG_FILES": str(directory / "conf.d"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(directory / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "enabled_plugins"),
            "RABBITMQ_PLUGINS_EXPAND_DIR": str(data / "plugins"),
            "RABBITMQ_FEATURE_FLAGS_FILE": str(data / "feature_flags"),
            "RABBITMQ_MNESIA_BASE": str(data),
            "RABBITMQ_LOG_BASE": str(directory / "log"),
            "RABBITMQ_PID_FILE": str(directory / "pid"),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false",
            # Bound schedulers fight with the other processes of a small machine: 6.0 s to start unbound, 7.6 s bound.
            "RABBITMQ_SCHEDULER_BIND_TYPE": "u",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            # The script then becomes the node instead of waiting beside it: one process, whose id we know.
            "RUNNING_UNDER_SYSTEMD": "true",
        }
