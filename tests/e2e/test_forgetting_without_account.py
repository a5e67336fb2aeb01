"""R-11 of a person whose declarations never became valid: one rejected, one withdrawn, one never sent, one parked."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aio_pika
import aiohttp
import pytest
from ansinh_kit.messaging.parking import BEHIND, ParkedMessage, Parking
from ansinh_kit.mongo import connect
from devtools.story.browser import Device
from devtools.story.cast import Cast
from devtools.story.chapters import declaring
from devtools.story.photos import card, portrait
from devtools.story.staff import log_in_officer

from tests.e2e.telling import tell
from tests.e2e.test_forgetting import forget, raw_finds
from tests.e2e.test_no_leaks import found_in, logs, stored_documents
from tests.eventually import eventually
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow]

REASON = "Số nhà trên giấy tờ khác với tờ khai của đương sự."
OTHER_STREET = "Số 77, Đường Tờ Khai Thứ Hai"
UNREADABLE_VERSION = 99


@dataclass(frozen=True)
class Declaration:
    declaration_id: str
    token: str

    @property
    def path(self) -> str:
        return f"/registration/v1/declarations/{self.declaration_id}"


@pytest.mark.sec("PII-06")
@pytest.mark.sec("R-11")
async def test_declarations_that_never_became_valid_and_parked_messages_are_forgotten_too(
    system: RunningSystem,
) -> None:
    cast = await tell(system, chapters=[declaring.tell])
    async with aiohttp.ClientSession() as http:
        office, guest = Device(http, system.gateway_url), Device(http, system.gateway_url)
        await log_in_officer(office, cast.officer)
        participant_id = await registered(office, cast)
        await hold_back(system, cast.declaration_id)
        await rejected(office, cast)
        withdrawn, draft = await drafted(guest, cast), await drafted(guest, cast)
        await sent_and_withdrawn(guest, withdrawn)
        await eventually(lambda: has_parked_behind(system, cast.declaration_id))

        outcome = await asyncio.to_thread(forget, system, participant_id)

        assert len(outcome.person_ids) == 3
        for declaration in (withdrawn, draft):
            await guest.get(declaration.path, status=404, headers={"Declaration-Token": declaration.token})
        await office.get(cast.officer_path, status=404)
    await eventually(lambda: is_emptied(system, cast.declaration_id), within_seconds=30)
    values = cast.personal_values() | {REASON, OTHER_STREET}
    assert found_in(values, logs(system)) == set()
    assert found_in(values, await stored_documents(system)) == set()
    assert {name: found for name, found in raw_finds(values, system.layout.data) if found} == {}
    await nothing_is_left_of(system, {cast.declaration_id, withdrawn.declaration_id, draft.declaration_id})
    await unparked(system, cast.declaration_id)


async def registered(office: Device, cast: Cast) -> str:
    citizen = cast.citizen
    body = {
        "identity": {"full_name": citizen.full_name, "birth_date": "1990-03-17", "sex": "male"},
        "numbers": {
            "social_insurance_number": citizen.social_insurance_number,
            "papers": [{"kind": "citizen_id", "number": citizen.citizen_number}],
        },
        "contact": {"phone": citizen.phone},
    }
    began = await office.post("/records/v1/staff/participants", body, status=201, headers=cast.once())
    return str(began.body["participant_id"])


async def hold_back(system: RunningSystem, declaration_id: str) -> None:
    """Let notifications park a message of this declaration that it cannot read: what follows is parked behind it."""
    envelope = {
        "name": "registration.declaration_rejected",
        "version": UNREADABLE_VERSION,
        "event_id": "f" * 32,
        "stream_id": f"declaration-{declaration_id}",
        "stream_version": 1,
        "position": 1,
        "occurred_at": "2026-03-02T02:00:00Z",
        "correlation_id": "test",
        "data": {},
    }
    headers: dict[str, Any] = {"event_id": envelope["event_id"], "stream_id": envelope["stream_id"]}
    async with await aio_pika.connect(system.amqp_url) as connection:
        channel = await connection.channel()
        for queue in queues_of_notifications(system):
            message = aio_pika.Message(json.dumps(envelope).encode(), headers=headers)
            await channel.default_exchange.publish(message, queue)
    await eventually(lambda: parked(system, declaration_id))


def queues_of_notifications(system: RunningSystem) -> list[str]:
    prefix = f"{system.layout.namespace}.notifications.from.registration.p"
    return [name for name in system.broker_control("list_queues", "name").split() if name.startswith(prefix)]


async def rejected(office: Device, cast: Cast) -> None:
    await office.post(f"{cast.officer_path}/claim", headers=cast.once())
    seen = await office.get(cast.officer_path)
    decision = {
        "decision": "rejected",
        "reasons": [{"field": "address", "code": "does_not_match_papers", "text": REASON}],
    }
    headers = {**cast.once(), "If-Match": seen.etag}
    await office.post(f"{cast.officer_path}/decision", decision, headers=headers)


async def drafted(guest: Device, cast: Cast) -> Declaration:
    started = (await guest.post("/registration/v1/declarations", {"language": "vi"}, status=201)).body
    declaration = Declaration(started["declaration_id"], cast.saw(started["declaration_token"]))
    guest.headers["Declaration-Token"] = declaration.token
    form = cast.form | {"address": {**cast.form["address"], "street": OTHER_STREET}}
    await guest.put(declaration.path, form)
    for seed, kind in enumerate(("portrait", "identity_front", "identity_back")):
        picture = portrait(seed=seed) if kind == "portrait" else card(kind, seed=seed)
        await guest.put_photo(f"{declaration.path}/photos/{kind}", picture)
    del guest.headers["Declaration-Token"]
    return declaration


async def sent_and_withdrawn(guest: Device, declaration: Declaration) -> None:
    token = {"Declaration-Token": declaration.token}
    await guest.post(f"{declaration.path}/submit", headers=token | {"Idempotency-Key": "s" * 32})
    await guest.post(f"{declaration.path}/withdraw", headers=token | {"Idempotency-Key": "w" * 32})


async def parked(system: RunningSystem, declaration_id: str) -> list[ParkedMessage]:
    """Return what notifications has parked of this declaration, with the bodies."""
    client = connect(system.mongodb_url, app_name="test-parked")
    try:
        parking = Parking(client.database(system.database("notifications")))
        listed = [each for each in await parking.list() if each.stream_id == f"declaration-{declaration_id}"]
        found = [await parking.find(each.parked_id) for each in listed]
        return [each for each in found if each is not None]
    finally:
        client.close()


async def unparked(system: RunningSystem, declaration_id: str) -> None:
    """Take away what this test had parked: others look for messages left behind in the same system."""
    client = connect(system.mongodb_url, app_name="test-parked")
    try:
        parking = Parking(client.database(system.database("notifications")))
        for each in await parked(system, declaration_id):
            await parking.remove(each.parked_id)
    finally:
        client.close()


async def has_parked_behind(system: RunningSystem, declaration_id: str) -> bool:
    """Say whether the rejection waits there with its reasons and the contact, sealed for notifications."""
    messages = await parked(system, declaration_id)
    return any(each.reason == BEHIND and has_sealed_fields(each) for each in messages)


def has_sealed_fields(message: ParkedMessage) -> bool:
    return bool(json.loads(message.body).get("sealed"))


async def is_emptied(system: RunningSystem, declaration_id: str) -> bool:
    messages = await parked(system, declaration_id)
    return bool(messages) and not any(has_sealed_fields(each) for each in messages)


async def nothing_is_left_of(system: RunningSystem, declaration_ids: set[str]) -> None:
    """Photos, held numbers and look-up keys are gone; what is kept of the declarations are ids, times and states."""
    client = connect(system.mongodb_url, app_name="test-remains")
    try:
        database = client.database(system.database("registration"))
        of_them = {"metadata.declaration_id": {"$in": sorted(declaration_ids)}}
        assert await database["photos.files"].count_documents(of_them) == 0
        assert await database["reservations"].count_documents({"owner": {"$in": sorted(declaration_ids)}}) == 0
        for name in await database.list_collection_names():
            if name.startswith("view_declared_numbers"):
                kept = await database[name].find({"_id": {"$in": sorted(declaration_ids)}}).to_list()
                assert all("keys" not in document for document in kept)
    finally:
        client.close()
