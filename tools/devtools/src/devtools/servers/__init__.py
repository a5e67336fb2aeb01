"""Private servers for development and tests: RabbitMQ and a server that speaks MongoDB's protocol, loopback only."""

from devtools.servers.rabbitmq import RabbitNode, RabbitNotInstalledError
from devtools.servers.secantus import SecantusServer
from devtools.servers.server import ServerFailedError

__all__ = ["RabbitNode", "RabbitNotInstalledError", "SecantusServer", "ServerFailedError"]
