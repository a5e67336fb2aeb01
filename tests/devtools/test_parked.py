import os
from pathlib import Path

import aio_pika
import pytest
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.replay import ParkedMessageNotFoundError
from ansinh_kit.mongo import connect
from devtools.operations.parked import ParkedMessages
from devtools.processes.process import Command


@pytest.fixture
def parked(mongo_url: str, amqp_url: str, database_name: str, tmp_path: Path) -> ParkedMessages:
    environment = {
        "AUTH_MONGODB_URL": mongo_url,
        "AUTH_AMQP_URL": amqp_url,
        "AUTH_DATABASE": database_name,
        "AUTH_NAMESPACE": "",
    }
    command = Command(
        name="auth", arguments=(), environment=environment, directory=tmp_path, log_file=tmp_path / os.devnull
    )
    return ParkedMessages("auth", command)


async def test_a_parked_message_is_listed_and_sent_again(
    parked: ParkedMessages, mongo_url: str, amqp_url: str, database_name: str, broker_namespace: str
) -> None:
    queue_name = f"{broker_namespace}.queue"
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(queue_name, exclusive=True)
        client = connect(mongo_url, app_name="test")
        await Parking(client.database(database_name)).park(
            b"unreadable", consumer="auth", queue=queue_name, reason="unreadable"
        )
        client.close()

        (listed,) = await parked.oldest(limit=10)
        assert (listed.reason, listed.body_bytes) == ("unreadable", 10)
        assert await parked.replay_all() == [listed.parked_id]
        message = await queue.get(timeout=10)
        assert message is not None
        assert message.body == b"unreadable"
        await message.ack()


async def test_an_unknown_id_is_refused(parked: ParkedMessages) -> None:
    with pytest.raises(ParkedMessageNotFoundError):
        await parked.replay("nothing")
