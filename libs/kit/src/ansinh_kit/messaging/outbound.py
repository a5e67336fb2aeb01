"""From a recorded event to a message for the broker."""

from collections.abc import Callable
from dataclasses import dataclass

from ansinh_kit.events import RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.messaging import topology
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.burst import OutgoingMessage
from ansinh_kit.messaging.envelope import envelope_of
from ansinh_kit.messaging.publisher import EVENT_ID_HEADER, STREAM_ID_HEADER
from ansinh_kit.messaging.sealing import FieldSealer
from ansinh_kit.publication import Publication

ToContract = Callable[[RecordedEvent], IntegrationEvent | None]
"""Pure: the same recorded event always gives the same contract. `None` for what is nobody else's business."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One event, addressed and sealed, before it is known by which way it goes."""

    event_name: str
    event_type: type[IntegrationEvent]
    stream_id: str
    partition: int
    body: bytes
    headers: dict[str, str]


class Outbound:
    """Maps, seals and addresses a producer's events."""

    def __init__(
        self, broker: Broker, publication: Publication, *, to_contract: ToContract, sealer: FieldSealer
    ) -> None:
        self._broker = broker
        self._publication = publication
        self._to_contract = to_contract
        self._sealer = sealer
        self._exchange = topology.exchange_name(broker, publication.producer)
        # By name, not by class: a new version goes to those who know the old one too, and is parked there, not lost.
        self._listened_to = frozenset(event.name for event in publication.events())

    def pack(self, recorded: RecordedEvent) -> Parcel | None:
        """Return what to send; `None` if nobody listens to it."""
        event = self._to_contract(recorded)
        if event is None or event.name not in self._listened_to:
            return None
        return Parcel(
            event_name=event.name,
            event_type=type(event),
            stream_id=recorded.stream_id,
            partition=self._publication.partition_of(recorded.stream_id),
            body=envelope_of(event, recorded, self._sealer).to_bytes(),
            headers={EVENT_ID_HEADER: recorded.event_id, STREAM_ID_HEADER: recorded.stream_id},
        )

    def to_all(self, parcel: Parcel) -> OutgoingMessage:
        """Address it to the exchange: everyone who listens gets it."""
        key = topology.routing_key(parcel.event_type, parcel.partition)
        return OutgoingMessage(self._exchange, key, parcel.body, parcel.headers)

    def to_one(self, parcel: Parcel, consumer: str) -> OutgoingMessage:
        """Address it to one consumer's queue, past the exchange."""
        queue = topology.queue_name(self._broker, self._publication, consumer, parcel.partition)
        return OutgoingMessage("", queue, parcel.body, parcel.headers)
