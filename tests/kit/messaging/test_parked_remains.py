"""Parked messages of people who were forgotten: what was sealed in them is gone, and the messages still replay."""

import pytest
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.key_list import KeyList
from ansinh_kit.messaging.envelope import Envelope, open_event, read_envelope
from ansinh_kit.messaging.parked_remains import ParkedRemains
from ansinh_kit.messaging.parking import ParkedMessage, Parking
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.personal_data.sealing import Opener, Sealer, public_keys_of

from tests.kit.messaging.orders import OrderPlaced, OrderPlacedV1, envelopes

QUEUE = "shipping.from.orders.p0"
PERSON, OTHER = "a" * 32, "b" * 32

pytestmark = pytest.mark.sec("PII-06")


@pytest.fixture
def cipher() -> PersonalDataCipher:
    return PersonalDataCipher(InMemoryKeyring())


@pytest.fixture
def remains(parking: Parking, cipher: PersonalDataCipher) -> ParkedRemains:
    return ParkedRemains(parking, cipher)


async def placed(store: EventStore, sealer: Sealer, person_id: str, *, stream_id: str = "order-1") -> Envelope:
    (envelope,) = await envelopes(store, sealer, stream_id, OrderPlaced(number=1, address="Số 1, Phố Thử Nghiệm"))
    return envelope.model_copy(update={"data": envelope.data | {"person_id": person_id}})


async def park(parking: Parking, envelope: Envelope) -> str:
    return (await parking.park(envelope.to_bytes(), consumer="shipping", queue=QUEUE, reason="refused")).parked_id


async def found(parking: Parking, parked_id: str) -> ParkedMessage:
    message = await parking.find(parked_id)
    assert message is not None
    return message


async def test_only_of_the_forgotten_person_the_sealed_fields_are_taken_out(
    parking: Parking, store: EventStore, sealer: Sealer, cipher: PersonalDataCipher, remains: ParkedRemains
) -> None:
    theirs = await park(parking, await placed(store, sealer, PERSON))
    others = await park(parking, await placed(store, sealer, OTHER))
    await cipher.forget(PERSON)
    await remains.remove()
    assert read_envelope((await found(parking, theirs)).body).sealed == {}
    assert read_envelope((await found(parking, others)).body).sealed.keys() == {"shipping"}


async def test_a_person_is_known_by_the_stream_too(
    parking: Parking, store: EventStore, sealer: Sealer, cipher: PersonalDataCipher, remains: ParkedRemains
) -> None:
    theirs = await park(parking, await placed(store, sealer, OTHER, stream_id=f"participant-{PERSON}"))
    await cipher.forget(PERSON)
    await remains.remove()
    assert read_envelope((await found(parking, theirs)).body).sealed == {}


async def test_what_is_left_reads_like_an_event_of_an_erased_person_in_its_place(
    parking: Parking, store: EventStore, shipping_keys: KeyList, cipher: PersonalDataCipher, remains: ParkedRemains
) -> None:
    envelope = await placed(store, Sealer({"shipping": public_keys_of(shipping_keys)}), PERSON)
    parked_id = await park(parking, envelope)
    await cipher.forget(PERSON)
    await remains.remove()
    message = await found(parking, parked_id)
    assert (message.event_id, message.stream_id, message.replayable) == (envelope.event_id, envelope.stream_id, True)
    event = open_event(read_envelope(message.body), OrderPlacedV1, Opener("shipping", shipping_keys))
    assert event == OrderPlacedV1(number=1, address=None)


async def test_every_page_is_looked_through_and_garbage_is_left_alone(
    parking: Parking, store: EventStore, sealer: Sealer, cipher: PersonalDataCipher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ansinh_kit.messaging.parked_remains._PAGE", 2)
    garbage = await parking.park(b"\xff{", consumer="shipping", queue=QUEUE, reason="not_an_envelope")
    theirs = [await park(parking, await placed(store, sealer, PERSON, stream_id=f"order-{n}")) for n in range(5)]
    await cipher.forget(PERSON)
    await ParkedRemains(parking, cipher).remove()
    assert [read_envelope((await found(parking, each)).body).sealed for each in theirs] == [{}] * 5
    assert (await found(parking, garbage.parked_id)).body == b"\xff{"
    assert [one.parked_id for one in await parking.with_sealed_fields(limit=10)] == [garbage.parked_id]
