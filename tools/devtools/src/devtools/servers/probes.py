"""Questions that tell whether a server answers in its own protocol; an open port alone proves little.

They use bare sockets: the supervisor asks several times a second and should not carry a driver for it.
"""

import socket
import struct

AMQP_HEADER = b"AMQP\x00\x00\x09\x01"
METHOD_FRAME = 1

_PING_DOCUMENT = b"\x10ping\x00" + struct.pack("<i", 1) + b"\x02$db\x00" + struct.pack("<i", 6) + b"admin\x00\x00"
_HEADER_BYTES = 16
_OP_MSG = 2013


def amqp_answers(host: str, port: int, *, timeout_seconds: float = 1.0) -> bool:
    """Tell whether a broker greets with Connection.Start; RabbitMQ opens its listeners last of all."""
    answer = _exchange(host, port, AMQP_HEADER, expected_bytes=1, timeout_seconds=timeout_seconds)
    return answer[:1] == bytes([METHOD_FRAME])


def mongodb_answers(host: str, port: int, *, timeout_seconds: float = 1.0) -> bool:
    """Tell whether the server answers a `ping` command with an OP_MSG."""
    body = struct.pack("<i", 4 + len(_PING_DOCUMENT)) + _PING_DOCUMENT
    message = struct.pack("<iB", 0, 0) + body
    header = struct.pack("<iiii", _HEADER_BYTES + len(message), 1, 0, _OP_MSG)
    answer = _exchange(host, port, header + message, expected_bytes=_HEADER_BYTES, timeout_seconds=timeout_seconds)
    return len(answer) >= _HEADER_BYTES and struct.unpack("<i", answer[12:16])[0] == _OP_MSG


def _exchange(host: str, port: int, request: bytes, *, expected_bytes: int, timeout_seconds: float) -> bytes:
    """Send and return at least `expected_bytes`; empty if nobody answers in time."""
    try:
        with socket.create_connection((host, port), timeout_seconds) as connection:
            connection.settimeout(timeout_seconds)
            connection.sendall(request)
            answer = b""
            while len(answer) < expected_bytes:
                chunk = connection.recv(4096)
                if not chunk:
                    return b""
                answer += chunk
            return answer
    except OSError:
        return b""
