import json
from typing import Any

import pytest
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.messaging.envelope import LARGEST_ENVELOPE_BYTES, Envelope, UnreadableError, open_event, read_envelope
from ansinh_kit.personal_data.sealing import Opener, Sealer
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.messaging.orders import OrderPaid, OrderPlaced, OrderPlacedV1, envelopes

ADDRESS = "12 Hàng Bài"


@pytest.fixture
async def placed(store: EventStore, sealer: Sealer) -> Envelope:
    (envelope,) = await envelopes(store, sealer, "order-1", OrderPlaced(number=1, address=ADDRESS))
    return envelope


def changed(envelope: Envelope, **fields: Any) -> bytes:  # noqa: ANN401 - any JSON value
    return json.dumps(json.loads(envelope.to_bytes()) | fields).encode()


@pytest.mark.sec("PII-08")
def test_a_sealed_field_is_nowhere_in_the_clear(placed: Envelope) -> None:
    body = placed.to_bytes()
    assert ADDRESS.encode() not in body
    assert json.dumps(ADDRESS).strip('"').encode() not in body
    assert placed.data == {"number": 1}


def test_the_recipient_reads_the_whole_event(placed: Envelope, opener: Opener) -> None:
    event = open_event(read_envelope(placed.to_bytes()), OrderPlacedV1, opener)
    assert event == OrderPlacedV1(number=1, address=ADDRESS)


@pytest.mark.sec("PII-08")
def test_another_service_reads_the_event_without_the_sealed_field(placed: Envelope) -> None:
    stranger = Opener("billing", KeyList((NamedKey("b1", b"b" * 32),)))
    assert open_event(placed, OrderPlacedV1, stranger) == OrderPlacedV1(number=1)


def test_nothing_is_sealed_where_there_is_nothing_to_seal(placed: Envelope) -> None:
    assert set(placed.sealed) == {"shipping"}


async def test_an_absent_sealed_field_is_not_sealed(store: EventStore, sealer: Sealer) -> None:
    (envelope,) = await envelopes(store, sealer, "order-2", OrderPlaced(number=1))
    assert envelope.sealed == {}


async def test_a_seal_moved_from_another_message_does_not_open(
    placed: Envelope, store: EventStore, sealer: Sealer, opener: Opener
) -> None:
    (other,) = await envelopes(store, sealer, "order-3", OrderPlaced(number=3, address="elsewhere"))
    forged = read_envelope(changed(placed, sealed=other.sealed))
    with pytest.raises(UnreadableError, match="unopenable_seal"):
        open_event(forged, OrderPlacedV1, opener)


async def test_a_sealed_field_that_stands_in_the_clear_is_not_believed(
    store: EventStore, sealer: Sealer, opener: Opener
) -> None:
    (unsealed,) = await envelopes(store, sealer, "order-4", OrderPlaced(number=4))
    forged = read_envelope(changed(unsealed, data={"number": 4, "address": "elsewhere"}))
    assert open_event(forged, OrderPlacedV1, opener) == OrderPlacedV1(number=4)


def test_fields_a_reader_does_not_know_are_ignored(placed: Envelope, opener: Opener) -> None:
    newer = read_envelope(changed(placed, colour="red", data={"number": 1, "weight": 3}))
    assert open_event(newer, OrderPlacedV1, opener) == OrderPlacedV1(number=1, address=ADDRESS)


def test_missing_fields_are_a_wrong_schema(placed: Envelope, opener: Opener) -> None:
    with pytest.raises(UnreadableError, match="wrong_schema"):
        open_event(read_envelope(changed(placed, data={})), OrderPlacedV1, opener)


def test_a_sealed_value_that_is_no_object_is_a_wrong_schema(placed: Envelope, sealer: Sealer, opener: Opener) -> None:
    sealed = sealer.seal("shipping", b"[1, 2]", event_id=placed.event_id, part="sealed")
    with pytest.raises(UnreadableError, match="wrong_schema"):
        open_event(read_envelope(changed(placed, sealed={"shipping": sealed})), OrderPlacedV1, opener)


@pytest.mark.parametrize(
    "fields",
    [
        {"event_id": None},
        {"event_id": ""},
        {"stream_id": "s" * 201},
        {"version": 2**63},
        {"stream_version": -1},
        {"position": "first"},
        {"occurred_at": "2026-03-02T09:00:00"},
        {"data": []},
        {"sealed": {"shipping": 1}},
    ],
    ids=str,
)
def test_what_every_envelope_has_must_be_there_and_be_sound(placed: Envelope, fields: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError, match="not_an_envelope"):
        read_envelope(changed(placed, **fields))


@given(body=st.binary(max_size=200))
def test_garbage_is_refused_and_never_quoted(body: bytes) -> None:
    with pytest.raises(UnreadableError) as refusal:
        read_envelope(body)
    assert str(refusal.value) == "not_an_envelope"


def test_a_large_body_is_refused_before_it_is_parsed(placed: Envelope) -> None:
    with pytest.raises(UnreadableError, match="too_large"):
        read_envelope(changed(placed, padding="x" * LARGEST_ENVELOPE_BYTES))


async def test_the_place_in_the_log_travels_along(store: EventStore, sealer: Sealer) -> None:
    first, second = await envelopes(store, sealer, "order-5", OrderPaid(number=1), OrderPaid(number=2))
    assert [(e.stream_id, e.stream_version, e.position) for e in (first, second)] == [
        ("order-5", 1, 1),
        ("order-5", 2, 1),
    ]
