"""Who publishes what to whom. Known to both sides beforehand, so that no event is sent where nobody listens yet."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from ansinh_kit.integration_event import IntegrationEvent


class PublicationError(Exception):
    """A publication names events of another producer; raised when the module is read."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What one service tells the others, and which of them listen to which events.

    The producer's relay declares every subscriber's queues before it publishes, so a subscriber that has never run
    misses nothing; what the log held before a subscriber was named is sent to it first. Source: ADR-0003.

    Args:
        subscribers: Consumer to the events it wants.
        partitions: Queues per subscriber. A stream always falls into the same one.
    """

    producer: str
    subscribers: Mapping[str, frozenset[type[IntegrationEvent]]]
    partitions: int = 4

    def __post_init__(self) -> None:
        foreign = sorted(event.name for event in self.events() if event.producer() != self.producer)
        if foreign:
            raise PublicationError(f"{self.producer} does not publish {', '.join(foreign)}")

    def events(self) -> frozenset[type[IntegrationEvent]]:
        """Return the events that somebody listens to."""
        return frozenset().union(*self.subscribers.values())

    def partition_of(self, stream_id: str) -> int:
        """Return the stream's partition: the same in every process and every release."""
        digest = hashlib.blake2b(stream_id.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % self.partitions


@dataclass(frozen=True, slots=True)
class SecretRoute:
    """Which message carries the secrets of one service to which other, outside the log."""

    message: type[IntegrationEvent]
    recipient: str
