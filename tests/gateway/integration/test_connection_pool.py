"""Connections to a service: bounded, used again while they are fresh, handed on in the order of waiting (LIM-27)."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import cast

import pytest
from devtools.servers.ports import LOOPBACK
from gateway.connection_pool import ConnectionPool, PoolLimits
from gateway.service_answer import ServiceUnreachableError
from gateway.service_connection import ServiceConnection

from tests.eventually import eventually
from tests.gateway.servers import free_port


class Counting(asyncio.Protocol):
    """A service that answers everything with two bytes, and counts its connections."""

    def __init__(self, server: "CountingServer") -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.made += 1
        self._server.open += 1

    def data_received(self, data: bytes) -> None:
        del data
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._server.open -= 1


class CountingServer:
    made = 0
    open = 0
    url = ""


@pytest.fixture
async def service() -> AsyncIterator[CountingServer]:
    counting = CountingServer()
    server = await asyncio.get_running_loop().create_server(lambda: Counting(counting), LOOPBACK, 0)
    counting.url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    yield counting
    server.close()


async def exchange(pool: ConnectionPool, connection: ServiceConnection) -> None:
    connection.begin(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await connection.wait_for_head()
    while (await connection.next_piece())[1]:
        pass
    pool.give_back(connection)


async def test_a_connection_is_used_again(service: CountingServer) -> None:
    pool = ConnectionPool(service.url, PoolLimits())
    for _ in range(5):
        await exchange(pool, await pool.take())
    assert service.made == 1
    pool.close()


@pytest.mark.sec("LIM-27")
async def test_no_more_are_open_than_allowed_and_who_came_first_is_served_first(service: CountingServer) -> None:
    pool = ConnectionPool(service.url, PoolLimits(connections=2))
    served: list[int] = []

    async def use(number: int) -> None:
        connection = await pool.take()
        served.append(number)
        await exchange(pool, connection)

    await asyncio.gather(*(use(number) for number in range(20)))
    assert served == list(range(20))
    assert service.made == 2
    pool.close()


async def test_who_stops_waiting_keeps_nobody_else_from_a_place(service: CountingServer) -> None:
    pool = ConnectionPool(service.url, PoolLimits(connections=1))
    held = await pool.take()
    impatient, patient = asyncio.create_task(pool.take()), asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    impatient.cancel()
    pool.give_back(held)
    async with asyncio.timeout(2):
        pool.give_back(await patient)
    pool.close()


@pytest.mark.sec("LIM-27")
async def test_who_comes_while_a_place_is_handed_on_waits_behind_those_who_waited(service: CountingServer) -> None:
    pool = ConnectionPool(service.url, PoolLimits(connections=1))
    held = await pool.take()
    waiting = asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    newcomer = asyncio.create_task(pool.take())  # runs before the one who waits is woken
    pool.give_back(held)
    first = await waiting
    assert not newcomer.done()
    pool.give_back(first)
    pool.give_back(await newcomer)
    pool.close()


async def test_an_exchange_given_up_ends_its_connection(service: CountingServer) -> None:
    pool = ConnectionPool(service.url, PoolLimits())
    connection = await pool.take()
    await eventually(lambda: service.open == 1)
    connection.begin(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    pool.give_back(connection)
    await eventually(lambda: service.open == 0)
    await exchange(pool, await pool.take())
    assert service.made == 2
    pool.close()


async def test_an_idle_connection_is_closed_before_the_service_would(service: CountingServer) -> None:
    pool = ConnectionPool(service.url, PoolLimits(keep_alive_seconds=0.05))
    await exchange(pool, await pool.take())
    assert service.open == 1
    await eventually(lambda: service.open == 0)
    pool.close()


async def test_closing_ends_what_is_idle_and_what_is_lent(service: CountingServer) -> None:
    pool = ConnectionPool(service.url, PoolLimits())
    idle, _lent = await pool.take(), await pool.take()
    await exchange(pool, idle)
    await eventually(lambda: service.open == 2)
    pool.close()
    await eventually(lambda: service.open == 0)


async def test_nobody_listening_is_said_so() -> None:
    pool = ConnectionPool(f"http://{LOOPBACK}:{free_port()}", PoolLimits(connections=1))
    for _ in range(3):  # a failure must not use up the place
        with pytest.raises(ServiceUnreachableError):
            await pool.take()
    pool.close()


@pytest.mark.sec("LIM-26")
async def test_a_connection_that_does_not_come_is_waited_for_one_second_only() -> None:
    """A full backlog: the kernel answers nobody any more."""
    with socket.create_server((LOOPBACK, 0), backlog=0) as full:
        url = f"http://{LOOPBACK}:{full.getsockname()[1]}"
        pool = ConnectionPool(url, PoolLimits(connect_seconds=0.1))
        waited = [await _take(pool) for _ in range(4)]
        assert waited[-1] is False
        pool.close()


async def _take(pool: ConnectionPool) -> bool:
    try:
        (await pool.take()).close()
    except ServiceUnreachableError:
        return False
    return True
