"""Many codes asked for from one address: a captcha, never a block (LIM-12)."""

from datetime import timedelta

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_guest

from tests.auth.recovering import proof
from tests.auth.service import AuthService

ADDRESS = "203.0.113.1"


async def start(auth: AuthService, n: int, *, address: str = ADDRESS, work: str | None = None) -> HttpAnswer:
    body = {"social_insurance_number": f"{n:010d}", "dossier_number": "06601-2026-000001"}
    headers = {"X-Forwarded-For": address} | ({} if work is None else {"Human-Proof": work})
    return await auth.client.request("POST", "/v1/activation/start", caller=a_guest(), json_body=body, headers=headers)


async def exhausted(auth: AuthService) -> None:
    for n in range(25):
        assert (await start(auth, n)).status == 202


@pytest.mark.sec("LIM-12")
async def test_the_26th_of_an_address_is_asked_for_a_proof_and_gets_through_with_one(auth: AuthService) -> None:
    await exhausted(auth)
    refused = await start(auth, 26)
    assert (refused.status, refused.json()["code"]) == (403, "human_check_required")
    assert (await start(auth, 27, address="203.0.113.2")).status == 202
    assert (await start(auth, 26, work=await proof(auth))).status == 202


@pytest.mark.sec("LIM-12")
@pytest.mark.sec("API-06")
async def test_beyond_the_limit_every_code_costs_a_proof_of_its_own(auth: AuthService) -> None:
    await exhausted(auth)
    work = await proof(auth)
    assert (await start(auth, 26, work=work)).status == 202
    assert (await start(auth, 27, work=work)).json()["code"] == "human_check_failed"
    auth.clock.advance(timedelta(minutes=5))
    assert (await start(auth, 27)).status == 202


@pytest.mark.sec("LIM-12")
async def test_a_proof_that_was_not_needed_is_not_used_up_and_a_slip_costs_none(auth: AuthService) -> None:
    work = await proof(auth)
    assert (await start(auth, 99, work=work)).status == 202
    for n in range(24):
        assert (await start(auth, n)).status == 202
    slip = await auth.client.request(
        "POST",
        "/v1/activation/start",
        caller=a_guest(),
        json_body={"social_insurance_number": "12"},
        headers={"X-Forwarded-For": ADDRESS, "Human-Proof": work},
    )
    assert slip.status == 422
    assert (await start(auth, 26, work=work)).status == 202


@pytest.mark.sec("LIM-12")
@pytest.mark.sec("API-06")
async def test_codes_of_every_purpose_count_together(auth: AuthService) -> None:
    await auth.active_account()
    auth.clock.advance(timedelta(minutes=15))
    await auth.log_in()
    await exhausted(auth)
    take_over_id = await auth.second_device()
    answer = await auth.post(f"/v1/take-overs/{take_over_id}/code", address=ADDRESS)
    assert answer.json()["code"] == "human_check_required"
    assert (await auth.post(f"/v1/take-overs/{take_over_id}/code", address="203.0.113.9")).status == 202
