"""The servers a system stands on: given by address, or private ones it runs itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from devtools.servers import RabbitNode, SecantusServer
from devtools.servers.ports import LOOPBACK
from devtools.servers.server import PrivateServer
from devtools.system.layout import Layout
from devtools.system.plan import Planned
from devtools.system.secrets import SecretStore


@dataclass(frozen=True, kw_only=True)
class Server:
    """An address for the services, and the processes to run for it: none if the address was given."""

    url: str
    planned: tuple[Planned, ...] = ()


def choose_database(layout: Layout, environment: Mapping[str, str]) -> Server:
    """Take MONGODB_URL if it is set, else prepare a private server."""
    if given := environment.get("MONGODB_URL"):
        return Server(url=given)
    return _private(SecantusServer(layout.data / "database", port=layout.ports.mongodb))


def choose_broker(layout: Layout, environment: Mapping[str, str], secrets: SecretStore) -> Server:
    """Take AMQP_URL if it is set, else prepare a private node.

    Raises:
        RabbitNotInstalledError: There is no address, and no RabbitMQ on this machine.
    """
    if given := environment.get("AMQP_URL"):
        return Server(url=given)
    ports = (layout.ports.amqp, layout.ports.epmd, layout.ports.distribution)
    return _private(RabbitNode(layout.data / "broker", ports=ports, password=secrets.token("broker_password")))


def _private(server: PrivateServer) -> Server:
    """Prepare it and plan its processes, helpers first."""
    server.prepare()
    *helpers, main = server.commands
    probes = {helper.name: f"tcp://{LOOPBACK}:{server.helper_ports[helper.name]}" for helper in helpers}
    probes[main.name] = server.url
    planned = tuple(Planned(command=one, kind="server", probe=probes[one.name]) for one in server.commands)
    return Server(url=server.url, planned=planned)
