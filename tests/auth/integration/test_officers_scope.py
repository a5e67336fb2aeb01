"""Officers act on the accounts their agency is in charge of, and on no other (ADR-0023): role by agency by act."""

from collections.abc import Awaitable, Callable

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import an_officer

from tests.auth.recovering import PAPERS, Begun, begin
from tests.auth.service import AuthService

Act = Callable[[AuthService, Caller, Begun], Awaitable[HttpAnswer]]

OWN, PROVINCIAL, NEIGHBOUR, OTHER_PROVINCE = "06601", "066", "06602", "079"
ROLES = {"officer": ("officer",), "supervisor": ("officer", "supervisor"), "administrator": ("administrator",)}


async def share(auth: AuthService, caller: Caller, _: Begun) -> HttpAnswer:
    return await auth.post(f"/v1/staff/accounts/{await auth.account_id()}/contact-sharing", caller=caller)


async def lock(auth: AuthService, caller: Caller, _: Begun) -> HttpAnswer:
    return await auth.post("/v1/staff/accounts/lock", {**PAPERS, "reason": "other"}, caller=caller)


async def unlock(auth: AuthService, caller: Caller, _: Begun) -> HttpAnswer:
    return await auth.post("/v1/staff/accounts/unlock", {**PAPERS, "reason": "other"}, caller=caller)


async def mark_compromised(auth: AuthService, caller: Caller, _: Begun) -> HttpAnswer:
    body = {**PAPERS, "reason": "other"}
    return await auth.post("/v1/staff/accounts/password-compromise", body, caller=caller)


async def approve(auth: AuthService, caller: Caller, begun: Begun) -> HttpAnswer:
    body = {**PAPERS, "counter_reference": begun.reference, "reason": "other", "paper": "citizen_id"}
    return await auth.post("/v1/staff/accounts/recovery", body, caller=caller)


async def withdraw(auth: AuthService, caller: Caller, begun: Begun) -> HttpAnswer:
    await approve(auth, an_officer(agency_code=OWN), begun)
    return await auth.post("/v1/staff/accounts/recovery/withdrawal", PAPERS, caller=caller)


ACTS: dict[str, tuple[Act, int]] = {
    "share": (share, 204),
    "lock": (lock, 200),
    "unlock": (unlock, 200),
    "mark compromised": (mark_compromised, 200),
    "approve": (approve, 201),
    "withdraw": (withdraw, 204),
}


@pytest.mark.sec("API-01")
@pytest.mark.sec("API-05")
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ROLES)
async def test_an_act_takes_the_role_and_the_agency(auth: AuthService, act: str, role: str) -> None:
    await auth.active_account()
    begun = await begin(auth)
    do, done = ACTS[act]
    for agency_code in (NEIGHBOUR, OTHER_PROVINCE, PROVINCIAL, OWN):
        caller = an_officer(roles=ROLES[role], agency_code=agency_code)
        in_charge = agency_code in (OWN, PROVINCIAL)
        expected = 403 if role == "administrator" else (404, done)[in_charge]
        before = await auth.event_types()
        answer = await do(auth, caller, begun)
        assert answer.status == expected, (agency_code, answer.body)
        if expected != done and act != "withdraw":
            assert await auth.event_types() == before, "nothing happened"


@pytest.mark.sec("OTC-10")
async def test_whether_another_agencys_person_has_an_account_is_not_told(auth: AuthService) -> None:
    stranger = an_officer(agency_code=NEIGHBOUR)
    body = {**PAPERS, "reason": "other"}
    nobody = await auth.post("/v1/staff/accounts/lock", body, caller=stranger)
    await auth.active_account()
    somebody = await auth.post("/v1/staff/accounts/lock", body, caller=stranger)
    assert (nobody.status, nobody.json()["code"]) == (somebody.status, somebody.json()["code"]) == (404, "not_found")


@pytest.mark.sec("API-01")
async def test_a_declaration_found_valid_elsewhere_moves_the_account(auth: AuthService) -> None:
    await auth.active_account()
    await auth.open_account(
        declaration_id="e" * 32,
        dossier_number="07901-2026-000001",
        agency_code="07901",
        occurred_at=auth.clock.now(),
    )
    begun = await begin(auth)
    assert (await lock(auth, an_officer(agency_code=OWN), begun)).status == 404
    assert (await lock(auth, an_officer(agency_code="07901"), begun)).status == 200
