"""The services around: registration and auth as far as notifications can see them, on the real bus."""

from collections.abc import Mapping
from typing import ClassVar

from ansinh_contracts.auth import SecretMessageV1
from ansinh_contracts.notifications import (
    MessageAcceptedV1,
    MessageDeliveredV1,
    MessageFailedV1,
    MessageHeldBackV1,
)
from ansinh_contracts.publications import NOTIFICATIONS, SECRETS
from ansinh_kit.database import Database
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, EventRegistry, Metadata, RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.key_list import KeyList
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.consumer import Consumer
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.relay import Relay
from ansinh_kit.messaging.secret_queue import SecretPublisher
from ansinh_kit.messaging.subscription import Subscription
from ansinh_kit.personal_data.sealing import Opener, Sealer
from ansinh_kit.publication import Publication
from ansinh_kit.testing.plain_codec import PlainCodec


class Fact(DomainEvent):
    event_type: ClassVar[str] = "fact"

    number: int


class Producer:
    """Publishes integration events through a relay of its own."""

    def __init__(
        self, publication: Publication, broker: Broker, database: Database, public_keys: Mapping[str, KeyList]
    ) -> None:
        self._store = EventStore(InMemoryCommitLog(), PlainCodec(EventRegistry.of([Fact])))
        self._events: list[IntegrationEvent] = []
        self.relay = Relay(
            store=self._store,
            database=database,
            broker=broker,
            publication=publication,
            to_contract=self._contract,
            sealer=Sealer(public_keys),
        )

    async def publish(self, event: IntegrationEvent) -> None:
        self._events.append(event)
        number = len(self._events) - 1
        await self._store.append(
            f"stream-{number}",
            [Fact(number=number)],
            expected_version=0,
            commit_id=f"commit-{number}-{id(self)}",
            metadata=Metadata(correlation_id=f"story-{number}"),
        )

    def _contract(self, recorded: RecordedEvent) -> IntegrationEvent:
        assert isinstance(recorded.event, Fact)
        return self._events[recorded.event.number]


class Auth:
    """Asks for secrets to be sent, and hears when they were handed over."""

    def __init__(
        self, broker: Broker, database: Database, public_keys: Mapping[str, KeyList], private_key: KeyList
    ) -> None:
        self.accepted: list[MessageAcceptedV1] = []
        self._secrets = SecretPublisher(broker, SECRETS, sealer=Sealer(public_keys))
        subscription = Subscription(
            NOTIFICATIONS,
            "auth",
            {
                MessageAcceptedV1: self._note,
                MessageDeliveredV1: self._pass_over,
                MessageFailedV1: self._pass_over,
                MessageHeldBackV1: self._pass_over,
            },
        )
        self.consumer = Consumer(broker, subscription, parking=Parking(database), opener=Opener("auth", private_key))

    async def send_secret(self, message: SecretMessageV1) -> None:
        await self._secrets.publish(
            message, message_id=message.message_id, correlation_id="story-secret", expires_at=message.expires_at
        )

    async def close(self) -> None:
        await self._secrets.close()

    async def _note(self, incoming: IncomingEvent) -> None:
        assert isinstance(incoming.event, MessageAcceptedV1)
        self.accepted.append(incoming.event)

    async def _pass_over(self, incoming: IncomingEvent) -> None:
        """Take what no test here asks about."""
