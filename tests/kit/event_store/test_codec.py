from datetime import date
from typing import Annotated, Any

import pytest
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.commit_log import StoredEvent
from ansinh_kit.event_store.upcasting import Upcasters
from ansinh_kit.events import ERASED, DomainEvent, EventDefinitionError, EventRegistry, Personal, UnknownEventTypeError
from ansinh_kit.personal_data.cipher import PersonalDataCipher, TamperedDataError
from ansinh_kit.personal_data.keyring import InMemoryKeyring, SubjectErasedError
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.event_store.rooms import REGISTRY, UPCASTERS, GuestCame, RoomPainted

GUEST = "0f" * 16
CAME = GuestCame(guest_id=GUEST, day=date(2026, 3, 2), name="Nguyễn Thị Mẫu", nickname="Mẫu", born=date(1990, 5, 1))


class Desk:
    """A codec and the keyring behind it."""

    def __init__(self) -> None:
        self.keyring = InMemoryKeyring()
        self.cipher = PersonalDataCipher(self.keyring)
        self.codec = JsonCodec(REGISTRY, self.cipher, UPCASTERS)

    async def encode(self, event: DomainEvent) -> StoredEvent:
        (stored,) = await self.codec.encode_all([event], stream_id="room-1", event_ids=["e-1"])
        return stored

    async def decode(self, stored: StoredEvent, *, stream_id: str = "room-1") -> DomainEvent:
        (event,) = await self.codec.decode_all([stored], stream_id=stream_id)
        return event


@pytest.fixture
def desk() -> Desk:
    return Desk()


def changed(stored: StoredEvent, **changes: Any) -> StoredEvent:  # noqa: ANN401 - any field of the event
    return stored._replace(**{name: value for name, value in changes.items() if name in StoredEvent._fields})


async def test_an_event_comes_back_as_it_was(desk: Desk) -> None:
    assert await desk.decode(await desk.encode(CAME)) == CAME


@given(name=st.text(), nickname=st.none() | st.text(), born=st.none() | st.dates(), day=st.dates())
async def test_any_event_comes_back_as_it_was(name: str, nickname: str | None, born: date | None, day: date) -> None:
    desk = Desk()
    event = GuestCame(guest_id=GUEST, day=day, name=name, nickname=nickname, born=born)
    assert await desk.decode(await desk.encode(event)) == event


@pytest.mark.sec("PII-03")
async def test_personal_fields_are_not_in_the_clear_part(desk: Desk) -> None:
    stored = await desk.encode(CAME)
    assert stored.data == {"guest_id": GUEST, "day": "2026-03-02"}
    assert "Mẫu" not in repr(stored)


async def test_the_events_of_one_commit_keep_their_order_and_their_people(desk: Desk) -> None:
    others = [CAME.model_copy(update={"guest_id": guest * 16, "name": f"Mẫu {guest}"}) for guest in ("1e", "2d")]
    events = [CAME, others[0], RoomPainted(colour="white", coats=1), others[1], CAME]
    ids = [f"e-{number}" for number in range(len(events))]
    stored = await desk.codec.encode_all(events, stream_id="room-1", event_ids=ids)

    await desk.keyring.forget(others[0].guest_id)
    decoded = await desk.codec.decode_all(stored, stream_id="room-1")

    erased = others[0].model_copy(update={"name": ERASED, "nickname": ERASED, "born": None})
    assert decoded == [CAME, erased, *events[2:]]


async def test_an_event_without_personal_fields_has_no_blob(desk: Desk) -> None:
    assert (await desk.encode(RoomPainted(colour="white", coats=1))).personal is None


@pytest.mark.sec("PII-03")
@pytest.mark.parametrize("change", [{"event_id": "e-2"}, {"schema_version": 1}, {"stream_id": "room-2"}])
async def test_a_blob_opens_at_no_other_place(desk: Desk, change: dict[str, Any]) -> None:
    stored = await desk.encode(CAME)
    moved = changed(stored, **change)
    with pytest.raises(TamperedDataError):
        await desk.decode(moved, stream_id=change.get("stream_id", "room-1"))


@pytest.mark.sec("PII-03")
async def test_a_blob_opens_for_no_other_person(desk: Desk) -> None:
    stored = await desk.encode(CAME)
    await desk.keyring.data_key("1e" * 16)
    with pytest.raises(TamperedDataError):
        await desk.decode(changed(stored, data={**stored.data, "guest_id": "1e" * 16}))


@pytest.mark.sec("PII-06")
async def test_an_erased_person_reads_as_erased(desk: Desk) -> None:
    stored = await desk.encode(CAME)
    await desk.keyring.forget(GUEST)
    event = await desk.decode(stored)
    assert event == GuestCame(guest_id=GUEST, day=CAME.day, name=ERASED, nickname=ERASED, born=None)


@pytest.mark.sec("PII-06")
async def test_nothing_can_be_written_about_an_erased_person(desk: Desk) -> None:
    await desk.keyring.forget(GUEST)
    with pytest.raises(SubjectErasedError):
        await desk.encode(CAME)


async def test_the_first_version_is_read_through_every_step(desk: Desk) -> None:
    stored = StoredEvent("e-1", "room_painted", 1, {"color": "red"})
    assert await desk.decode(stored) == RoomPainted(colour="red", coats=1)
    assert stored.data == {"color": "red"}, "what is stored is not touched"


async def test_a_middle_version_skips_the_steps_before_it(desk: Desk) -> None:
    assert await desk.decode(StoredEvent("e-1", "room_painted", 2, {"color": "red", "coats": 3})) == RoomPainted(
        colour="red", coats=3
    )


async def old_visit(desk: Desk) -> StoredEvent:
    blob = await desk.cipher.encrypt(GUEST, b'{"full_name": "An"}', context="room-1|e-1|guest_came|1")
    return StoredEvent("e-1", "guest_came", 1, {"guest_id": GUEST, "day": "2026-03-02"}, blob)


async def test_the_personal_part_of_an_old_version_is_turned_too(desk: Desk) -> None:
    event = await desk.decode(await old_visit(desk))
    assert isinstance(event, GuestCame)
    assert event.name == "An"


@pytest.mark.sec("PII-06")
async def test_an_old_version_of_an_erased_person_is_still_readable(desk: Desk) -> None:
    stored = await old_visit(desk)
    await desk.keyring.forget(GUEST)
    event = await desk.decode(stored)
    assert isinstance(event, GuestCame)
    assert event.name == ERASED


@pytest.mark.parametrize(("event_type", "version"), [("room_exploded", 1), ("room_painted", 4)])
async def test_an_unknown_type_or_a_later_version_is_never_skipped(desk: Desk, event_type: str, version: int) -> None:
    with pytest.raises(UnknownEventTypeError):
        await desk.decode(StoredEvent("e-1", event_type, version, {}))


class Weighed(DomainEvent):
    event_type = "weighed"
    subject_field = "guest_id"
    guest_id: str
    kilograms: Annotated[int, Personal()]


@pytest.mark.sec("PII-06")
def test_a_personal_field_that_cannot_be_erased_stops_the_service_at_its_start(desk: Desk) -> None:
    with pytest.raises(EventDefinitionError, match="kilograms"):
        JsonCodec(EventRegistry.of([Weighed]), desk.cipher)


def test_a_missing_upcaster_stops_the_service_at_its_start(desk: Desk) -> None:
    with pytest.raises(EventDefinitionError, match="no upcaster for guest_came version 1"):
        JsonCodec(REGISTRY, desk.cipher, Upcasters.of([], REGISTRY))


@pytest.mark.sec("PII-03")
async def test_each_event_of_a_commit_is_sealed_for_its_own_person_and_place(desk: Desk) -> None:
    other = CAME.model_copy(update={"guest_id": "1e" * 16, "name": "Trần Văn Thử"})
    events = [CAME, RoomPainted(colour="white", coats=1), other, CAME]
    ids = ["e-1", "e-2", "e-3", "e-4"]
    stored = await desk.codec.encode_all(events, stream_id="room-1", event_ids=ids)
    assert [await desk.decode(one) for one in stored] == events
    assert [one.event_id for one in stored] == ids
    await desk.keyring.forget(GUEST)
    read = [await desk.decode(one) for one in stored]
    assert [getattr(one, "name", None) for one in read] == [ERASED, None, "Trần Văn Thử", ERASED]


async def test_no_two_parts_of_one_call_share_a_nonce(desk: Desk) -> None:
    blobs = await desk.cipher.encrypt_all(GUEST, [(b"same", "place")] * 3)
    assert len({blob["nonce"] for blob in blobs}) == 3
