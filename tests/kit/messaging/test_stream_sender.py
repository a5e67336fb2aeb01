import asyncio

import pytest
from ansinh_kit.messaging.burst import OutgoingMessage
from ansinh_kit.messaging.errors import UnroutableError
from ansinh_kit.messaging.lease import Lease, LeaseLostError
from ansinh_kit.messaging.publisher import ConfirmedPublisher
from ansinh_kit.messaging.stream_sender import StreamSender

from tests.kit.messaging.conftest import SOON


class UnsteadyPublisher(ConfirmedPublisher):
    """Refuses the first publish of what it was told to refuse; remembers what it took."""

    def __init__(self, *refused: bytes) -> None:
        self.refused = set(refused)
        self.taken: list[bytes] = []

    async def publish(self, message: OutgoingMessage) -> None:
        await asyncio.sleep(0)
        if message.body in self.refused:
            self.refused.discard(message.body)
            raise UnroutableError(message.routing_key)
        self.taken.append(message.body)


class SteadyLease(Lease):
    def __init__(self, *, held: bool = True) -> None:
        self._is_held = held

    @property
    def held(self) -> bool:
        return self._is_held


async def send(publisher: UnsteadyPublisher, *bodies: bytes, lease: Lease | None = None) -> list[bytes]:
    """Send each body in the stream of its first letter; return them in the order of their confirms."""
    confirmed: list[bytes] = []
    async with StreamSender(publisher, lease or SteadyLease(), backoff=SOON) as sender:
        for body in bodies:
            await sender.send(
                chr(body[0]),
                OutgoingMessage("", "q", body),
                lambda body=body: confirmed.append(body),  # type: ignore[misc]
            )
    return confirmed


async def test_a_message_sent_again_is_not_overtaken_in_its_stream_while_other_streams_go_on() -> None:
    publisher = UnsteadyPublisher(b"a1")
    confirmed = await send(publisher, b"a1", b"a2", b"b1", b"b2")
    assert [body for body in publisher.taken if body.startswith(b"a")] == [b"a1", b"a2"]
    assert publisher.taken[:2] == [b"b1", b"b2"]
    assert confirmed == publisher.taken


async def test_more_messages_than_are_held_at_once_all_go_out_in_order() -> None:
    bodies = [f"{'abc'[number % 3]}{number:04}".encode() for number in range(1500)]
    publisher = UnsteadyPublisher(bodies[0], bodies[700])
    await send(publisher, *bodies)
    for stream in (b"a", b"b", b"c"):
        assert [body for body in publisher.taken if body.startswith(stream)] == bodies[b"abc".index(stream) :: 3]


@pytest.mark.sec("F-10")
async def test_without_the_lease_nothing_is_sent() -> None:
    publisher = UnsteadyPublisher()
    with pytest.raises(ExceptionGroup) as raised:
        await send(publisher, b"a1", lease=SteadyLease(held=False))
    assert raised.group_contains(LeaseLostError)
    assert publisher.taken == []
