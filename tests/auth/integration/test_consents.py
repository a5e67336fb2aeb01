"""The terms of use over HTTP: readable before any log-in, accepted in a session, asked for until then."""

from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_citizen, a_guest, an_officer

from tests.auth.service import TABLET, AuthService, at_once, citizen_of


async def get(auth: AuthService, path: str, caller: Caller) -> HttpAnswer:
    return await auth.client.request("GET", path, caller=caller)


async def shown_terms(auth: AuthService, language: str = "vi") -> dict[str, Any]:
    answer = await get(auth, f"/v1/terms?language={language}", a_guest())
    assert answer.status == 200, answer.body
    return dict(answer.json())


def named(terms: dict[str, Any]) -> dict[str, str]:
    return {"version": terms["version"], "digest": terms["digest"]}


@pytest.mark.req("S-05")
async def test_terms_are_read_by_anyone_and_due_until_they_are_accepted(auth: AuthService) -> None:
    await auth.active_account()
    caller = citizen_of(await auth.log_in())
    assert (await get(auth, "/v1/me", caller)).json()["terms_due"] is True
    terms = await shown_terms(auth)
    assert terms["text"].startswith("# Điều khoản sử dụng")
    assert (await auth.post("/v1/me/consents", named(terms), caller=caller)).status == 201
    assert (await get(auth, "/v1/me", caller)).json()["terms_due"] is False


@pytest.mark.req("S-06")
async def test_a_consent_is_kept_with_digest_time_and_kind_of_device(auth: AuthService) -> None:
    await auth.active_account()
    caller = citizen_of(await auth.log_in(device=TABLET))
    terms = await shown_terms(auth, "en")
    await auth.post("/v1/me/consents", named(terms), caller=caller)
    shown = (await get(auth, "/v1/me/consents", caller)).json()
    assert shown == {
        "current_version": terms["version"],
        "due": False,
        "accepted": [
            {
                **named(terms),
                "language": "en",
                "device_kind": "tablet",
                "accepted_at": auth.clock.now().isoformat().replace("+00:00", "Z"),
            }
        ],
    }


@pytest.mark.sec("SEC-06")
async def test_accepting_at_once_and_again_is_noted_once(auth: AuthService) -> None:
    await auth.active_account()
    caller = citizen_of(await auth.log_in())
    body = named(await shown_terms(auth))
    answers = await at_once(*(auth.post("/v1/me/consents", body, caller=caller) for _ in range(8)))
    auth.clock.advance(timedelta(minutes=1))
    answers.append(await auth.post("/v1/me/consents", body, caller=caller))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json()["accepted_at"] for answer in answers}) == 1
    assert (await auth.event_types()).count("terms_accepted") == 1


@pytest.mark.req("S-06")
async def test_other_words_are_refused_and_leave_the_terms_due(auth: AuthService) -> None:
    await auth.active_account()
    caller = citizen_of(await auth.log_in())
    terms = await shown_terms(auth)
    wrong = await auth.post("/v1/me/consents", {**named(terms), "digest": "0" * 64}, caller=caller)
    assert (wrong.status, wrong.json()["code"]) == (409, "terms_not_current")
    assert (await get(auth, "/v1/me/consents", caller)).json()["due"] is True


@pytest.mark.sec("API-05")
@pytest.mark.parametrize(("caller", "status"), [(a_guest(), 401), (an_officer(), 403), (a_citizen(), 404)])
async def test_only_a_present_session_of_a_citizen_accepts(auth: AuthService, caller: Caller, status: int) -> None:
    body = named(await shown_terms(auth))
    assert (await auth.post("/v1/me/consents", body, caller=caller)).status == status
