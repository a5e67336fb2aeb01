from typing import Final
from urllib.parse import urlencode

import pytest
from ansinh_kit.http.app import create_app
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.testing.asgi_client import AsgiClient, HttpAnswer
from ansinh_kit.testing.edge import in_memory_edge
from notifications.api.twilio_call_backs import PATH, TwilioSignature, call_back_routes
from notifications.handlers.call_backs import CallBacks
from twilio.request_validator import RequestValidator

from tests.notifications.unit.test_reactions import deliver, submitted
from tests.notifications.world import World

TOKEN: Final = "made-up-token"
PUBLIC: Final = "https://ansinh.example.vn/api/notifications/v1/callbacks/twilio/status"
_KEYS: Final = KeyList((NamedKey("test", bytes(32)),))


class Carrier:
    """The carrier's side: reports on the one SMS of `world`."""

    def __init__(self, world: World, message_id: str) -> None:
        app = create_app(
            in_memory_edge("notifications", keys=_KEYS, clock=world.clock),
            title="notifications",
            version="0",
            public_paths=(PATH,),
        )
        signature = TwilioSignature(auth_token=TOKEN, call_back_url=PUBLIC)
        app.include_router(call_back_routes(CallBacks(world.store, world.clock), signature))
        self.world = world
        self.message_id = message_id
        self._client = AsgiClient(app)

    async def report(
        self, status: str, *, message_id: str | None = None, token: str = TOKEN, sid: str | None = None, **more: str
    ) -> HttpAnswer:
        message_id = message_id or self.message_id
        fields = {"MessageSid": sid or f"SM{self.message_id}", "MessageStatus": status, "To": "+84900000018", **more}
        signed = RequestValidator(token).compute_signature(f"{PUBLIC}?message={message_id}", fields)
        return await self.post(f"message={message_id}", urlencode(fields), signed)

    async def post(self, query: str, body: str, signature: str) -> HttpAnswer:
        headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
        return await self._client.request("POST", f"{PATH}?{query}", body=body.encode(), headers=headers)

    async def status(self) -> str:
        return (await self.world.message(self.message_id)).status


@pytest.fixture
async def carrier() -> Carrier:
    """One SMS was accepted."""
    world = World()
    await deliver(world, submitted(contact={"full_name": "Mẫu", "phone": "+84900000018"}))
    await world.work()
    return Carrier(world, world.sms.parcels[0].message_id)


@pytest.mark.sec("F-31")
async def test_a_signed_report_moves_the_message_forward_however_often_it_comes(carrier: Carrier) -> None:
    for _ in range(3):
        assert (await carrier.report("delivered")).status == 204
    assert await carrier.status() == "delivered"


@pytest.mark.sec("F-31")
async def test_reports_out_of_order_never_move_it_back(carrier: Carrier) -> None:
    for status in ("delivered", "sent", "failed", "queued", "delivered"):
        assert (await carrier.report(status)).status == 204
    assert await carrier.status() == "delivered"


async def test_a_failure_is_recorded_with_the_carriers_code(carrier: Carrier) -> None:
    await carrier.report("undelivered", ErrorCode="30003")
    assert (await carrier.world.events())[-1].event.model_dump()["reason"] == "twilio_30003"


async def test_a_code_that_is_none_is_not_taken_over(carrier: Carrier) -> None:
    await carrier.report("undelivered", ErrorCode="+84900000018")
    assert (await carrier.world.events())[-1].event.model_dump()["reason"] == "twilio_unspecified"


@pytest.mark.sec("F-31")
@pytest.mark.sec("API-10")
async def test_a_forged_report_is_refused(carrier: Carrier) -> None:
    assert (await carrier.report("delivered", token="another")).status == 403
    assert (await carrier.post(f"message={carrier.message_id}", "MessageStatus=delivered", "")).status == 403
    assert await carrier.status() == "accepted"


@pytest.mark.sec("F-31")
async def test_a_signature_holds_for_its_own_content_and_address_only(carrier: Carrier) -> None:
    fields = {"MessageSid": f"SM{carrier.message_id}", "MessageStatus": "sent"}
    query = f"message={carrier.message_id}"
    signed = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}?{query}", fields)
    changed = urlencode({**fields, "MessageStatus": "delivered"})
    assert (await carrier.post(query, changed, signed)).status == 403
    assert (await carrier.post(f"{query}&x=1", urlencode(fields), signed)).status == 403
    assert (await carrier.post(query, urlencode(fields) + "&MessageStatus=delivered", signed)).status == 403
    assert (await carrier.post(query, urlencode(fields), signed)).status == 204


@pytest.mark.sec("F-31")
async def test_a_report_about_no_message_of_ours_changes_nothing(carrier: Carrier) -> None:
    before = len(await carrier.world.events())
    assert (await carrier.report("delivered", message_id="0" * 32)).status == 204
    assert (await carrier.report("delivered", sid="SMother")).status == 204
    assert (await carrier.report("invented")).status == 204
    assert len(await carrier.world.events()) == before


@pytest.mark.sec("API-10")
@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("", "a=b", 422),
        ("message=", "a=b", 422),
        ("message=../../x", "a=b", 422),
        ("message=" + "0" * 32, "", 403),
        ("message=" + "0" * 32, "\xff=%", 403),
        ("message=" + "0" * 32, "&".join(f"a{number}=b" for number in range(100)), 403),
        ("message=" + "0" * 32, "a=" + "b" * 20_000, 413),
    ],
)
async def test_a_malformed_report_is_refused(carrier: Carrier, query: str, body: str, status: int) -> None:
    assert (await carrier.post(query, body, "x")).status == status


@pytest.mark.sec("I4")
async def test_a_report_on_an_unknown_outcome_settles_it_without_a_second_sms() -> None:
    world = World()
    await deliver(world, submitted(contact={"full_name": "Mẫu", "phone": "+84900000018"}))
    world.sms.take_and_hang_up()
    await world.work()
    carrier = Carrier(world, world.sms.parcels[0].message_id)
    await carrier.report("sent")
    world.pass_seconds(600)
    await world.work()
    assert await carrier.status() == "accepted"
    assert world.sms.calls == 1
