import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from devtools.servers.ports import free_ports
from twilio.request_validator import RequestValidator

from tests.devtools.conftest import ACCOUNT, AUTHENTIC, TOKEN, RunningSandbox
from tests.eventually import eventually


class Callbacks:
    """A sender's status call-back, which keeps what it is told."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.calls: list[tuple[dict[str, str], str]] = []

    async def take(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.calls.append((form, request.headers["X-Twilio-Signature"]))
        return web.Response(status=204)

    def statuses(self) -> list[str]:
        return [form["MessageStatus"] for form, _ in self.calls]

    def signed_rightly(self) -> bool:
        validator = RequestValidator(TOKEN)
        return all(validator.validate(self.url, form, signature) for form, signature in self.calls)


@pytest.fixture
async def callbacks() -> AsyncIterator[Callbacks]:
    port = free_ports(1)[0]
    receiver = Callbacks(f"http://127.0.0.1:{port}/status?message=1")
    app = web.Application()
    app.add_routes([web.post("/status", receiver.take)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield receiver
    await runner.cleanup()


async def test_a_message_is_answered_as_twilio_does_and_shown(sandbox: RunningSandbox) -> None:
    answer = await sandbox.send_sms()
    assert answer.status == 201
    resource = await answer.json()
    assert resource["status"] == "queued"
    assert resource["sid"].startswith("SM")
    assert len(resource["sid"]) == 34
    (shown,) = await sandbox.received(to="+84900000018")
    assert (shown["text"], shown["provider_id"]) == ("Xin chào", resource["sid"])


async def test_a_taken_message_can_be_looked_up(sandbox: RunningSandbox) -> None:
    resource = await (await sandbox.send_sms()).json()
    async with sandbox.http.get(sandbox.url + resource["uri"], headers=AUTHENTIC) as answer:
        assert (await answer.json())["body"] == "Xin chào"


async def test_a_wrong_token_is_refused_and_nothing_is_taken(sandbox: RunningSandbox) -> None:
    form = {"To": "+84900000018", "From": "+84900000001", "Body": "x"}
    async with sandbox.http.post(
        sandbox.messages_url, data=form, headers={"Authorization": aiohttp.encode_basic_auth(ACCOUNT, "wrong")}
    ) as answer:
        assert answer.status == 401
        assert (await answer.json())["code"] == 20003
    assert await sandbox.received() == []


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "0900000018"}, 21211),
        ({"From": ""}, 21603),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
    ],
)
async def test_a_wrong_form_gets_twilios_error(sandbox: RunningSandbox, form: dict[str, str], code: int) -> None:
    to = form.pop("To", "+84900000018")
    answer = await sandbox.send_sms(to, **form)
    assert answer.status == 400
    assert (await answer.json())["code"] == code
    assert await sandbox.received() == []


async def test_delivery_is_reported_in_order_with_twilios_own_signature(
    sandbox: RunningSandbox, callbacks: Callbacks
) -> None:
    await sandbox.send_sms(StatusCallback=callbacks.url)
    await eventually(lambda: len(callbacks.calls) == 2)
    assert callbacks.statuses() == ["sent", "delivered"]
    assert callbacks.signed_rightly()


async def test_a_forged_report_is_told_from_a_right_one(sandbox: RunningSandbox, callbacks: Callbacks) -> None:
    await sandbox.order(channel="sms", kind="forged_report")
    await sandbox.send_sms(StatusCallback=callbacks.url)
    await eventually(lambda: len(callbacks.calls) == 2)
    assert not callbacks.signed_rightly()


async def test_a_message_can_fail_after_it_was_taken(sandbox: RunningSandbox, callbacks: Callbacks) -> None:
    await sandbox.order(channel="sms", kind="not_delivered")
    await sandbox.send_sms(StatusCallback=callbacks.url)
    await eventually(lambda: callbacks.statuses() == ["sent", "undelivered"])
    assert callbacks.calls[-1][0]["ErrorCode"] == "30003"
    assert callbacks.signed_rightly()


@pytest.mark.parametrize(("kind", "status"), [("refused", 400), ("rate_limited", 429), ("server_error", 500)])
async def test_an_ordered_error_is_answered_once_and_only_to_its_target(
    sandbox: RunningSandbox, kind: str, status: int
) -> None:
    await sandbox.order(channel="sms", kind=kind, to="+84900000018")
    assert (await sandbox.send_sms("+84900000026")).status == 201
    assert (await sandbox.send_sms("+84900000018")).status == status
    assert (await sandbox.send_sms("+84900000018")).status == 201


async def test_garbage_is_no_json(sandbox: RunningSandbox) -> None:
    await sandbox.order(channel="sms", kind="garbage")
    answer = await sandbox.send_sms()
    assert answer.status == 200
    assert answer.content_type == "text/html"


async def test_a_hanging_answer_may_hide_a_taken_message(sandbox: RunningSandbox) -> None:
    await sandbox.order(channel="sms", kind="hang_after_acceptance", to="+84900000018")
    await sandbox.order(channel="sms", kind="hang_before_acceptance", to="+84900000026")
    for number in ("+84900000018", "+84900000026"):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await sandbox.send_sms(number)
    assert [message["to"] for message in await sandbox.received()] == ["+84900000018"]


async def test_an_unknown_fault_is_refused(sandbox: RunningSandbox) -> None:
    async with sandbox.http.post(f"{sandbox.url}/api/faults", json={"channel": "sms", "kind": "miracle"}) as answer:
        assert answer.status == 422


async def test_faults_can_be_called_off(sandbox: RunningSandbox) -> None:
    await sandbox.order(channel="sms", kind="refused", times=0)
    assert (await sandbox.send_sms()).status == 400
    assert (await sandbox.send_sms()).status == 400
    async with sandbox.http.delete(f"{sandbox.url}/api/faults"):
        assert (await sandbox.send_sms()).status == 201
