"""The servers a system stands on: given by address, or private ones it runs itself."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from devtools.servers import RabbitNode, SecantusServer
from devtools.servers.server import PrivateServer
from devtools.system.layout import Layout
from devtools.system.plan import Planned
from devtools.system.secrets import SecretStore


@dataclass(frozen=True, kw_only=True)
class Server:
    """An address for the services, and the processes to run for it: none if the address was given."""

    url: str
    planned: tuple[Planned, ...] = ()


def choose_database(layout: Layout) -> Server:
    """Take MONGODB_URL if it is set, else prepare a private server."""
    return _given_or("MONGODB_URL", lambda: SecantusServer(layout.data / "database", port=layout.ports.mongodb))


def choose_broker(layout: Layout, secrets: SecretStore) -> Server:
    """Take AMQP_URL if it is set, else prepare a private node.

    Raises:
        RabbitNotInstalledError: There is no address, and no RabbitMQ on this machine.
    """
    ports = (layout.ports.amqp, layout.ports.epmd, layout.ports.distribution)
    return _given_or(
        "AMQP_URL",
        lambda: RabbitNode(layout.data / "broker", ports=ports, password=secrets.token("broker_password")),
    )


def _given_or(variable: str, private: Callable[[], PrivateServer]) -> Server:
    if given := os.environ.get(variable):
        return Server(url=given)
    server = private()
    server.prepare()
    *helpers, last = server.commands
    probes = {helper.name: f"tcp://127.0.0.1:{server.helper_ports[helper.name]}" for helper in helpers}
    probes[last.name] = server.url
    planned = tuple(Planned(command=one, kind="server", probe=probes[one.name]) for one in server.commands)
    return Server(url=server.url, planned=planned)
