"""The code screen: where the code is, when another may be asked for, and an honest wait if none leaves (U-02)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from ansinh_contracts.notifications import (
    SMS_BUDGET,
    SMS_BUDGET_OF_ALL,
    MessageAcceptedV1,
    MessageDeliveredV1,
    MessageFailedV1,
    MessageHeldBackV1,
)
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_guest

from tests.auth.devices import first_device
from tests.auth.service import PHONE, AuthService

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


async def shown(auth: AuthService, challenge_id: str) -> dict[str, Any]:
    answer = await screen(auth, challenge_id)
    assert answer.status == 200, answer.body
    return dict(answer.json())


async def screen(auth: AuthService, challenge_id: str) -> HttpAnswer:
    return await auth.client.request("GET", f"/v1/challenges/{challenge_id}", caller=a_guest())


async def waiting(auth: AuthService) -> str:
    """Return a take-over whose code is on its way."""
    await first_device(auth)
    auth.clock.advance(15 * MINUTE)
    take_over_id = await auth.second_device()
    await auth.ask_for_code(take_over_id)
    return take_over_id


async def report(
    auth: AuthService,
    kind: type[MessageAcceptedV1 | MessageDeliveredV1 | MessageHeldBackV1 | MessageFailedV1],
    *,
    nth: int = -1,
    **facts: object,
) -> None:
    message = auth.secrets.messages()[nth]
    shared = {
        "message_id": message.message_id,
        "challenge_id": message.challenge_id,
        "channel": "sms",
        "kind": "take_over_code",
        "occurred_at": auth.clock.now(),
    }
    known = {name: value for name, value in shared.items() if name in kind.model_fields}
    await auth.hear(kind.model_validate(known | facts))


@pytest.mark.req("U-02")
async def test_the_delivery_state_goes_forward_only_however_reports_come_in(auth: AuthService) -> None:
    take_over_id = await waiting(auth)
    assert (await shown(auth, take_over_id))["delivery"] == "waiting"
    await report(auth, MessageHeldBackV1, reason="http_429", retry_at=auth.clock.now() + 20 * SECOND)
    assert (await shown(auth, take_over_id))["delivery"] == "held_back"
    await report(auth, MessageAcceptedV1)
    assert (await shown(auth, take_over_id))["delivery"] == "handed_over"
    await report(auth, MessageDeliveredV1)
    await report(auth, MessageHeldBackV1, reason="http_429", retry_at=auth.clock.now() + 20 * SECOND)
    now = await shown(auth, take_over_id)
    assert (now["delivery"], now["held_back_until"]) == ("delivered", None)


@pytest.mark.req("U-02")
async def test_timers_count_from_the_servers_clock_and_the_life_from_the_hand_over(auth: AuthService) -> None:
    take_over_id = await waiting(auth)
    sent_at = auth.clock.now()
    assert timers(await shown(auth, take_over_id), sent_at) == (0, 30, 600)
    auth.clock.advance(20 * SECOND)
    await report(auth, MessageAcceptedV1)
    assert timers(await shown(auth, take_over_id), sent_at) == (20, 30, 320)


def timers(screen: dict[str, Any], sent_at: datetime) -> tuple[float, ...]:
    moments = (screen["now"], screen["next_sending_at"], screen["expires_at"])
    return tuple((datetime.fromisoformat(moment) - sent_at).total_seconds() for moment in moments)


@pytest.mark.req("U-02")
async def test_what_is_said_of_the_code_before_says_nothing_of_the_new_one(auth: AuthService) -> None:
    take_over_id = await waiting(auth)
    await report(auth, MessageDeliveredV1)
    auth.clock.advance(30 * SECOND)
    await auth.ask_for_code(take_over_id)
    await report(auth, MessageFailedV1, nth=-2, reason="unreachable")
    assert (await shown(auth, take_over_id))["delivery"] == "waiting"


async def test_a_challenge_that_is_over_or_was_never_there_is_not_shown(auth: AuthService) -> None:
    take_over_id = await waiting(auth)
    await auth.post(f"/v1/take-overs/{take_over_id}/cancel")
    assert (await screen(auth, take_over_id)).status == 404
    assert (await screen(auth, "0" * 32)).status == 404


@pytest.mark.sec("OTC-10")
async def test_the_screen_of_an_activation_is_the_same_for_who_has_no_account(auth: AuthService) -> None:
    await auth.open_account()
    real = (await auth.start_activation()).json()["challenge_id"]
    await auth.send_secrets()
    await report(auth, MessageAcceptedV1)
    await report(auth, MessageDeliveredV1)
    decoy = (await auth.start_activation("1111111111")).json()["challenge_id"]
    screens = [await shown(auth, challenge_id) for challenge_id in (real, decoy)]
    for each in screens:
        assert len(each.pop("challenge_id")) == 32
    assert screens[0] == screens[1]


@pytest.mark.req("U-04")
@pytest.mark.sec("LIM-10")
@pytest.mark.parametrize("kind", [MessageHeldBackV1, MessageFailedV1])
async def test_when_a_range_is_over_its_budget_its_people_are_told_how_long_and_others_are_served(
    auth: AuthService, kind: type[MessageHeldBackV1 | MessageFailedV1]
) -> None:
    take_over_id = await waiting(auth)
    until = auth.clock.now() + 7 * MINUTE
    await report(auth, kind, reason=SMS_BUDGET, retry_at=until)
    now = await shown(auth, take_over_id)
    assert datetime.fromisoformat(now["held_back_until"]) == until
    assert datetime.fromisoformat(now["next_sending_at"]) == until
    auth.clock.advance(60 * SECOND)
    answer = await auth.post(f"/v1/take-overs/{take_over_id}/code")
    assert (answer.status, answer.json()["code"], answer.headers["retry-after"]) == (429, "sms_held_back", "360")
    assert await gets_a_code(auth, phone="+84912349999") is False
    assert await gets_a_code(auth, phone="+84912350000") is True
    auth.clock.advance(6 * MINUTE)
    assert (await auth.post(f"/v1/take-overs/{take_over_id}/code")).status == 202


@pytest.mark.req("U-04")
@pytest.mark.sec("LIM-10")
async def test_when_the_budget_of_all_is_used_up_nobody_is_promised_a_code_until_there_is_one(
    auth: AuthService,
) -> None:
    take_over_id = await waiting(auth)
    await report(auth, MessageHeldBackV1, reason=SMS_BUDGET_OF_ALL, retry_at=auth.clock.now() + 7 * MINUTE)
    auth.clock.advance(60 * SECOND)
    answer = await auth.post(f"/v1/take-overs/{take_over_id}/code")
    assert (answer.status, answer.json()["code"], answer.headers["retry-after"]) == (429, "sms_held_back", "360")
    assert await gets_a_code(auth, phone="+84912350000") is False
    auth.clock.advance(6 * MINUTE)
    assert (await auth.post(f"/v1/take-overs/{take_over_id}/code")).status == 202


async def gets_a_code(auth: AuthService, *, phone: str) -> bool:
    """Let a further person ask for an activation code; an anonymous caller is not told that none leaves (OTC-10)."""
    serial = phone[-7:]
    await auth.open_account(
        declaration_id=serial.rjust(32, "e"),
        person_id=serial.rjust(32, "c"),
        dossier_number=f"06601-{serial}",
        social_insurance_number=serial.rjust(10, "9"),
        identity_number=serial.rjust(12, "0"),
        phone=phone,
    )
    before = len(auth.secrets.published)
    assert (await auth.start_activation(serial.rjust(10, "9"), f"06601-{serial}")).status == 202
    await auth.send_secrets()
    return len(auth.secrets.published) > before


async def test_the_longest_wait_of_a_range_counts(auth: AuthService) -> None:
    take_over_id = await waiting(auth)
    for wait in (9 * MINUTE, 2 * MINUTE):
        await report(auth, MessageFailedV1, reason=SMS_BUDGET, retry_at=auth.clock.now() + wait)
    auth.clock.advance(30 * SECOND)
    assert (await auth.post(f"/v1/take-overs/{take_over_id}/code")).headers["retry-after"] == "510"


async def test_a_carrier_that_is_not_reached_closes_no_range(auth: AuthService) -> None:
    take_over_id = await waiting(auth)
    await report(auth, MessageHeldBackV1, reason="not_reached", retry_at=auth.clock.now() + 9 * MINUTE)
    auth.clock.advance(30 * SECOND)
    assert (await auth.post(f"/v1/take-overs/{take_over_id}/code")).status == 202


@pytest.mark.sec("SEC-47")
async def test_beside_every_code_by_text_message_stands_its_risk_and_a_stronger_way(auth: AuthService) -> None:
    advice = (await shown(auth, await waiting(auth)))["advice"]
    assert advice.keys() == {"vi", "en"}
    assert all("passkey" in text for text in advice.values())
    assert "SIM" in advice["vi"]


@pytest.mark.sec("SEC-47")
async def test_a_code_goes_to_the_number_that_was_proven_and_to_no_other(auth: AuthService) -> None:
    """The number of the declaration proved itself when the account was activated by a code sent to it."""
    await first_device(auth)
    await auth.ask_for_code(await auth.second_device())
    assert {message.target for message in auth.secrets.messages() if message.channel == "sms"} == {PHONE}
