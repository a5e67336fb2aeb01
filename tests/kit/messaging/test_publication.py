import pytest
from ansinh_kit.messaging.errors import SubscriptionError
from ansinh_kit.messaging.subscription import Subscription
from ansinh_kit.publication import Publication, PublicationError
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.messaging.doubles import Recorder
from tests.kit.messaging.orders import ORDERS, OrderPaidV1, OrderPaidV2, OrderPlacedV1, shipping


def test_a_stream_keeps_its_partition_for_ever() -> None:
    # These values are in use: a change would send a stream's next events past those still waiting.
    assert [ORDERS.partition_of(f"order-{number}") for number in range(8)] == [1, 1, 3, 0, 2, 2, 1, 1]


@given(stream_id=st.text())
def test_every_stream_has_a_partition(stream_id: str) -> None:
    assert 0 <= ORDERS.partition_of(stream_id) < ORDERS.partitions


def test_partitions_are_used_evenly() -> None:
    counts = [0] * ORDERS.partitions
    for number in range(4000):
        counts[ORDERS.partition_of(f"order-{number}")] += 1
    assert min(counts) > 900


def test_a_producer_publishes_only_its_own_events() -> None:
    with pytest.raises(PublicationError, match=r"billing does not publish orders\.order_paid"):
        Publication("billing", {"shipping": frozenset({OrderPaidV1})})


def test_a_missing_handler_is_noticed_when_the_service_is_put_together() -> None:
    with pytest.raises(SubscriptionError, match=r"should handle orders\.order_paid v1, orders\.order_placed v1"):
        Subscription(ORDERS, "shipping", {OrderPaidV1: Recorder()})


def test_a_handler_for_an_event_that_was_not_asked_for_is_noticed() -> None:
    handler = Recorder()
    with pytest.raises(SubscriptionError):
        Subscription(ORDERS, "shipping", {OrderPaidV1: handler, OrderPlacedV1: handler, OrderPaidV2: handler})


def test_a_service_nobody_publishes_to_is_noticed() -> None:
    with pytest.raises(SubscriptionError, match="should handle nothing of orders"):
        Subscription(ORDERS, "shiping", {OrderPaidV1: Recorder()})


def test_an_event_is_found_by_its_wire_name_and_version() -> None:
    subscription = shipping(Recorder())
    assert subscription.find_event("orders.order_paid", 1) is OrderPaidV1
    assert subscription.find_event("orders.order_paid", 2) is None
