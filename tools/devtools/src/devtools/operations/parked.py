"""Parked messages of a service: which there are, and sending them again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.parking import ParkedFilter, ParkedMessage, Parking
from ansinh_kit.messaging.replay import Replayer
from ansinh_kit.mongo import connect

from devtools.processes.process import Command


class ParkedMessages:
    """One service's parked messages, reached with the addresses that service itself was given."""

    def __init__(self, service: str, command: Command) -> None:
        prefix = service.upper()
        self._service = service
        self._mongodb_url = command.environment[f"{prefix}_MONGODB_URL"]
        self._amqp_url = command.environment[f"{prefix}_AMQP_URL"]
        self._database = command.environment[f"{prefix}_DATABASE"]
        self._namespace = command.environment[f"{prefix}_NAMESPACE"]

    async def oldest(self, limit: int) -> list[ParkedMessage]:
        async with self._parking() as parking:
            return await parking.list(limit=limit)

    async def replay(self, parked_id: str) -> list[str]:
        """Send one message again, or the one its stream waits behind. Returns the ids sent."""
        async with self._replayer() as replayer:
            return [await replayer.replay(parked_id)]

    async def replay_all(self) -> list[str]:
        """Send everything again that can be, each stream's first message. Returns the ids sent."""
        async with self._replayer() as replayer:
            return await replayer.replay_all(ParkedFilter())

    @asynccontextmanager
    async def _parking(self) -> AsyncIterator[Parking]:
        client = connect(self._mongodb_url, app_name="dev-ops")
        try:
            yield Parking(client.database(self._database))
        finally:
            client.close()

    @asynccontextmanager
    async def _replayer(self) -> AsyncIterator[Replayer]:
        broker = Broker(self._amqp_url, name="dev-ops", namespace=self._namespace)
        connection = asyncio.create_task(broker.run())
        async with self._parking() as parking:
            replayer = Replayer(broker, parking)
            try:
                yield replayer
            finally:
                await replayer.close()
                connection.cancel()
                await asyncio.gather(connection, return_exceptions=True)
