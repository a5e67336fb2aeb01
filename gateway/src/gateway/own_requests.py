"""What the gateway asks of a service in its own name: short questions with short answers, over connections of its own.

Connections of its own, so that a service busy with requests from outside still hears the question that all of them
wait for.
"""

from collections.abc import Mapping

from yarl import URL

from gateway.bounded import TooLongError
from gateway.connection_pool import ConnectionPool, PoolLimits
from gateway.outgoing import OutgoingRequest
from gateway.service_answer import ServiceGoneError
from gateway.service_connection import ServiceConnection

_CONNECTIONS = 8


class OwnRequests:
    """Posts to one service. Made inside the running loop; `close` ends its connections."""

    def __init__(self, base_url: str, *, connect_seconds: float) -> None:
        self._host = URL(base_url).authority
        self._pool = ConnectionPool(base_url, PoolLimits(connections=_CONNECTIONS, connect_seconds=connect_seconds))

    def close(self) -> None:
        self._pool.close()

    async def post(self, path: str, headers: Mapping[str, str], body: bytes, *, max_bytes: int) -> tuple[int, bytes]:
        """Return status and body of the answer. Asked again once, if a kept connection turns out to be closed.

        Raises:
            ServiceUnreachableError: No connection.
            ServiceGoneError: It broke off, or what came is no answer.
            TooLongError: The body is longer than `max_bytes`; the rest is not read.
        """
        octets = OutgoingRequest("POST", path, headers, body).head(self._host)
        connection = await self._pool.take()
        was_used = connection.used
        try:
            return await self._exchange(connection, octets, max_bytes)
        except ServiceGoneError as error:
            if not (was_used and error.nothing_came):
                raise
        return await self._exchange(await self._pool.take(fresh=True), octets, max_bytes)

    async def _exchange(self, connection: ServiceConnection, octets: bytes, max_bytes: int) -> tuple[int, bytes]:
        try:
            connection.begin(octets)
            await connection.wait_for_head()
            return connection.answer.status, await _whole_body(connection, max_bytes)
        except BaseException:
            connection.close()
            raise
        finally:
            self._pool.give_back(connection)


async def _whole_body(connection: ServiceConnection, max_bytes: int) -> bytes:
    body, more = b"", True
    while more:
        piece, more = await connection.next_piece()
        body += piece
        if len(body) > max_bytes:
            raise TooLongError
    return body
