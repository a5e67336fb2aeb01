"""No test reaches the outside: a real SMS or mail cannot leave, and no test depends on the network.

An audit hook sees every connect and datagram of Python's sockets, whoever opens them. It cannot be removed, which is
what a guard should be like.
"""

import ipaddress
import os
import socket
import sys
from urllib.parse import urlsplit

GUARDED_EVENTS = frozenset({"socket.connect", "socket.sendto"})
SERVER_VARIABLES = ("MONGODB_URL", "AMQP_URL")


class OutsideConnectionError(RuntimeError):
    """A test tried to talk to something that is neither on this machine nor a server it was given."""

    def __init__(self, host: str) -> None:
        super().__init__(f"tests talk to loopback addresses only, not to {host}")


def is_allowed(address: object, given_hosts: frozenset[str]) -> bool:
    """Tell whether a socket may talk to this address: Unix sockets, loopback, and the servers given by variable."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).partition("%")[0]
    if host in given_hosts or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _given_hosts() -> frozenset[str]:
    names = {name for variable in SERVER_VARIABLES for name in _host_names(os.environ.get(variable, ""))}
    found = {str(info[4][0]) for name in names for info in _resolve(name)}
    return frozenset(names | found)


def _host_names(url: str) -> list[str]:
    """Return the hosts of a URL; a MongoDB URL may name several."""
    hosts = urlsplit(url).netloc.rpartition("@")[2].split(",")
    return [host.partition(":")[0] for host in hosts if host]


def _resolve(name: str) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    try:
        return [(*info[:4], tuple(info[4])) for info in socket.getaddrinfo(name, None)]
    except socket.gaierror:
        return []


def pytest_configure() -> None:
    given = _given_hosts()

    def refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
        if event in GUARDED_EVENTS and not is_allowed(arguments[1], given):
            raise OutsideConnectionError(str(arguments[1]))

    sys.addaudithook(refuse_outside)
