import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from notifications.providers.destinations import (
    RealCarrierRefusedError,
    check_destination,
    is_vietnamese_mobile,
)
from notifications.providers.port import Accepted, NoAnswer, NotFound, NotProcessed, Rejected, SendOutcome, Sms, Unknown

from tests.notifications.providers.twilio_server import (
    TOKEN,
    Answer,
    TwilioServer,
    answer_a_byte_at_a_time,
    answering,
    hang_up,
    never_answer,
)


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioServer]:
    server = TwilioServer()
    await server.start()
    yield server
    await server.stop()


@pytest.mark.sec("F-28")
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, Rejected("twilio_21211")),
        (401, Rejected("twilio_21211")),
        (403, Rejected("twilio_21211")),
        (404, Rejected("twilio_21211")),
        (408, Unknown("http_408")),
        (500, Unknown("http_500")),
        (503, Unknown("http_503")),
    ],
)
async def test_only_a_refused_request_is_final(twilio: TwilioServer, status: int, expected: SendOutcome) -> None:
    twilio.answer = answering(status, {"code": 21211, "message": "no"})
    assert await twilio.provider.send(twilio.parcel(1)) == expected


@pytest.mark.sec("F-28")
async def test_a_busy_carrier_says_when_to_come_back(twilio: TwilioServer) -> None:
    twilio.refuse_for_now()
    assert await twilio.provider.send(twilio.parcel(1)) == NotProcessed("http_429", 7.0)


async def answer_elsewhere(_: web.Request) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect("/2010-04-01/Accounts/other/Messages.json")


@pytest.mark.sec("F-29")
@pytest.mark.sec("F-30")
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (hang_up, "connection_lost"),
        (never_answer, "timeout"),
        (answer_a_byte_at_a_time, "timeout"),
        (answering(201, b"<html>"), "garbled_answer"),
        (answering(201, b""), "garbled_answer"),
        (answering(201, b"[" * 100_000), "garbled_answer"),
        (answering(201, []), "garbled_answer"),
        (answering(201, {"sid": None}), "garbled_answer"),
        (answering(201, {"sid": "SM1\r\nx"}), "garbled_answer"),
        (answering(201, {"sid": "SM" + "1" * 100}), "garbled_answer"),
        (answering(200, b" " * 300_000), "oversized_answer"),
        (answer_elsewhere, "http_307"),
    ],
)
async def test_an_answer_one_cannot_rely_on_leaves_the_outcome_unknown(
    twilio: TwilioServer, answer: Answer, reason: str
) -> None:
    twilio.answer = answer
    assert await twilio.provider.send(twilio.parcel(1)) == Unknown(reason)
    assert len(twilio.requests) == 1


@pytest.mark.sec("LIM-11")
@pytest.mark.parametrize("target", ["+14155550100", "0900000018", "+842438000000", "+849000000181", "+84900000018\n"])
async def test_an_sms_goes_to_vietnamese_mobiles_only(twilio: TwilioServer, target: str) -> None:
    assert await twilio.provider.send(Sms("1", target, "text")) == Rejected("target_not_vietnamese")
    assert twilio.requests == []


def test_a_vietnamese_mobile_is_known() -> None:
    assert is_vietnamese_mobile("+84900000018")


async def test_the_call_back_address_names_the_message_and_nothing_personal(twilio: TwilioServer) -> None:
    await twilio.provider.send(twilio.parcel(1))
    assert twilio.requests[0]["StatusCallback"] == f"https://ansinh.example.vn/status?message={1:032x}"
    assert twilio.requests[0]["From"] == "AnSinhSo"


@pytest.mark.sec("F-29")
async def test_the_same_text_of_an_earlier_day_is_not_taken_for_this_message(twilio: TwilioServer) -> None:
    await twilio.provider.send(twilio.parcel(1))
    later = datetime.now(UTC) + timedelta(days=1)
    assert await twilio.provider.look_up(twilio.parcel(1), since=later) == NotFound()


@pytest.mark.sec("F-29")
async def test_a_full_page_that_lacks_the_message_proves_nothing(twilio: TwilioServer) -> None:
    for number in range(50):
        await twilio.provider.send(twilio.parcel(number))
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert await twilio.provider.look_up(twilio.parcel(99), since=since) == NoAnswer()
    assert isinstance(await twilio.provider.look_up(twilio.parcel(3), since=since), Accepted)


async def test_a_carrier_that_is_gone_gives_no_answer_to_a_look_up(twilio: TwilioServer) -> None:
    await twilio.go_away()
    assert await twilio.provider.look_up(twilio.parcel(1), since=datetime.now(UTC)) == NoAnswer()


@pytest.mark.sec("OTC-04")
async def test_neither_target_nor_text_nor_token_is_logged(
    twilio: TwilioServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await twilio.provider.send(twilio.parcel(1))
    twilio.refuse_for_good()
    outcome = await twilio.provider.send(twilio.parcel(1))
    await twilio.provider.look_up(twilio.parcel(1), since=datetime.now(UTC))
    written = caplog.text + repr(outcome) + repr(twilio.parcel(1)) + repr(twilio.provider)
    assert not [secret for secret in ("900000018", "tin 1", TOKEN) if secret in written]


@pytest.mark.sec("SEC-09")
def test_a_host_that_is_no_sandbox_is_refused_unless_real_carriers_are_allowed() -> None:
    for host in ("127.0.0.1", "::1", "localhost", "sandbox"):
        check_destination(host, sandbox_hosts={"sandbox"}, real_carriers_allowed=False)
    for host in ("api.twilio.com", "10.0.0.1", "sandbox.example"):
        with pytest.raises(RealCarrierRefusedError):
            check_destination(host, sandbox_hosts={"sandbox"}, real_carriers_allowed=False)
        check_destination(host, sandbox_hosts=set(), real_carriers_allowed=True)
