"""Ports on the loopback interface."""

import secrets
import socket
from contextlib import ExitStack
from typing import Final

LOOPBACK = "127.0.0.1"
# Below those the system gives to outgoing connections: one of them may take a port between choosing and listening.
_CANDIDATES: Final = range(11_000, 27_000)


def free_ports(count: int) -> list[int]:
    """Return ports nobody listens on now. They are held together while choosing, so they differ.

    Whoever chooses at the same time hardly chooses the same ones: the choice is not that of a seeded generator.
    """
    with ExitStack() as held:
        return [_held_port(held) for _ in range(count)]


def _held_port(held: ExitStack) -> int:
    one = held.enter_context(socket.socket())
    while True:
        port = secrets.choice(_CANDIDATES)
        try:
            one.bind((LOOPBACK, port))
        except OSError:
            continue
        return port


def is_taken(port: int) -> bool:
    """Tell whether someone already listens there, so that a start can name the reason before it fails."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0
