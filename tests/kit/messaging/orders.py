"""A small shop: what its log holds, what it tells the others, and to whom."""

from typing import Annotated, ClassVar

from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, EventRegistry, Metadata, RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent, SealedFor
from ansinh_kit.messaging.envelope import Envelope, envelope_of
from ansinh_kit.messaging.incoming import Handler
from ansinh_kit.messaging.sealing import FieldSealer
from ansinh_kit.messaging.subscription import Subscription
from ansinh_kit.publication import Publication, SecretRoute


class OrderPlaced(DomainEvent):
    event_type: ClassVar[str] = "order_placed"

    number: int
    address: str | None = None


class OrderPaid(DomainEvent):
    event_type: ClassVar[str] = "order_paid"

    number: int


class OrderCounted(DomainEvent):
    """Nobody else's business: no contract."""

    event_type: ClassVar[str] = "order_counted"


class OrderPlacedV1(IntegrationEvent):
    name: ClassVar[str] = "orders.order_placed"

    number: int
    address: Annotated[str | None, SealedFor("shipping")] = None


class OrderPaidV1(IntegrationEvent):
    name: ClassVar[str] = "orders.order_paid"

    number: int


class OrderPaidV2(IntegrationEvent):
    name: ClassVar[str] = "orders.order_paid"
    version: ClassVar[int] = 2

    number: int


class PickUpCodeV1(IntegrationEvent):
    """Not an event of the log: a secret on its way."""

    name: ClassVar[str] = "orders.pick_up_code"

    purpose: str
    code: Annotated[str | None, SealedFor("shipping")] = None


SECRETS = SecretRoute(PickUpCodeV1, "shipping")
ORDERS = Publication("orders", {"shipping": frozenset({OrderPlacedV1, OrderPaidV1})})
REGISTRY = EventRegistry.of([OrderPlaced, OrderPaid, OrderCounted])


def to_contract(recorded: RecordedEvent) -> IntegrationEvent | None:
    match recorded.event:
        case OrderPlaced(number=number, address=address):
            return OrderPlacedV1(number=number, address=address)
        case OrderPaid(number=number):
            return OrderPaidV1(number=number)
        case _:
            return None


def shipping(handler: Handler) -> Subscription:
    return Subscription(ORDERS, "shipping", {OrderPlacedV1: handler, OrderPaidV1: handler})


async def record(store: EventStore, stream_id: str, *events: DomainEvent) -> tuple[RecordedEvent, ...]:
    """Append to the stream's end."""
    version = len(await store.read_stream(stream_id))
    result = await store.append(
        stream_id,
        events,
        expected_version=version,
        commit_id=f"{stream_id}/{version}",
        metadata=Metadata(correlation_id=f"story of {stream_id}", causation_id="a click"),
    )
    return result.events


async def envelopes(store: EventStore, sealer: FieldSealer, stream_id: str, *events: DomainEvent) -> list[Envelope]:
    """Append, and return what the relay would send."""
    recorded = await record(store, stream_id, *events)
    contracts = [(to_contract(event), event) for event in recorded]
    return [envelope_of(contract, event, sealer) for contract, event in contracts if contract is not None]
