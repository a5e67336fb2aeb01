import asyncio
import base64
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_citizen, a_guest, an_integrator, an_officer
from auth.storage.integrator_documents import IntegratorDocuments

from tests.auth.service import AuthService

REASON = "Theo công văn số 3"
ADMINISTRATOR = an_officer(account_id="a" * 32, roles=("administrator",))
FORM = "application/x-www-form-urlencoded"
LIFE = timedelta(minutes=10)


async def ask(
    auth: AuthService, path: str, body: dict[str, Any] | None = None, *, by: Caller = ADMINISTRATOR, key: str = ""
) -> HttpAnswer:
    return await auth.client.request(
        "POST",
        f"/v1/staff/integrators{path}",
        caller=by,
        json_body={"reason": REASON} | (body or {}),
        headers={"Idempotency-Key": key or secrets.token_urlsafe(24)},
    )


async def registered(auth: AuthService, *scopes: str) -> tuple[str, str]:
    """Register an integrator; return its client id and secret."""
    answer = await ask(auth, "", {"name": "Bệnh viện A", "scopes": list(scopes or ("profile", "secrets"))})
    assert answer.status == 201, answer.body
    return answer.json()["client_id"], answer.json()["client_secret"]


def basic(client_id: str, secret: str) -> str:
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


async def ask_token(
    auth: AuthService,
    credentials: tuple[str, str] | None,
    form: dict[str, str] | str | None = None,
    *,
    content_type: str = FORM,
    address: str = "203.0.113.1",
) -> HttpAnswer:
    fields = {"grant_type": "client_credentials"} if form is None else form
    headers = {"Content-Type": content_type, "X-Forwarded-For": address}
    if credentials is not None:
        headers["Authorization"] = basic(*credentials)
    body = (fields if isinstance(fields, str) else urlencode(fields)).encode()
    return await auth.client.request("POST", "/v1/oauth/token", caller=a_guest(), body=body, headers=headers)


async def token_of(auth: AuthService, credentials: tuple[str, str]) -> str:
    answer = await ask_token(auth, credentials)
    assert answer.status == 200, answer.body
    return str(answer.json()["access_token"])


async def state_of(auth: AuthService, token: str) -> str:
    return str((await auth.verdict(token))["state"])


async def test_credentials_give_a_token_that_says_who_and_for_what(auth: AuthService) -> None:
    client_id, secret = await registered(auth, "profile")
    answer = await ask_token(auth, (client_id, secret))
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 600, "profile")
    assert answer.headers["cache-control"] == "no-store"
    verdict = await auth.verdict(body["access_token"])
    assert (verdict["kind"], verdict["account_id"], verdict["scopes"]) == ("integrator", client_id, ["profile"])
    assert (verdict["roles"], verdict["person_id"]) == ([], None)


@pytest.mark.sec("LIM-18")
async def test_secrets_and_tokens_are_stored_as_hashes_only(auth: AuthService) -> None:
    client_id, secret = await registered(auth)
    token = await token_of(auth, (client_id, secret))
    stored = await auth.everything_stored()
    assert secret not in stored
    assert token not in stored
    assert client_id in stored


@pytest.mark.parametrize(("asked", "granted"), [("profile", "profile"), ("secrets profile", "profile secrets")])
async def test_a_token_is_for_what_was_asked(auth: AuthService, asked: str, granted: str) -> None:
    credentials = await registered(auth)
    answer = await ask_token(auth, credentials, {"grant_type": "client_credentials", "scope": asked})
    assert answer.json()["scope"] == granted


@pytest.mark.sec("SEC-60")
@pytest.mark.parametrize("asked", ["secrets", "profile secrets", "everything", "profile  "])
async def test_no_more_than_was_granted_can_be_asked_for(auth: AuthService, asked: str) -> None:
    credentials = await registered(auth, "profile")
    answer = await ask_token(auth, credentials, {"grant_type": "client_credentials", "scope": asked})
    assert (answer.status, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.sec("OTC-10")
async def test_unknown_wrong_and_suspended_clients_are_answered_alike(auth: AuthService) -> None:
    client_id, secret = await registered(auth)
    suspended_id, suspended_secret = await registered(auth)
    await ask(auth, f"/{suspended_id}/suspension")
    attempts = [
        (client_id, secret[:-1] + ("A" if secret[-1] != "A" else "B")),
        ("0" * 32, secret),
        ("không phải", "ß"),
        (suspended_id, suspended_secret),
        (client_id, suspended_secret),
    ]
    answers = [await ask_token(auth, one, address=f"203.0.113.{at}") for at, one in enumerate(attempts)]
    assert {(answer.status, answer.body) for answer in answers} == {(401, answers[0].body)}
    assert answers[0].json()["error"] == "invalid_client"
    assert answers[0].headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    ("form", "content_type", "error"),
    [
        ("grant_type=password&username=a&password=b", FORM, "unsupported_grant_type"),
        ("grant_type=refresh_token&refresh_token=igt_x", FORM, "unsupported_grant_type"),
        ("scope=profile", FORM, "invalid_request"),
        ("grant_type=client_credentials&grant_type=client_credentials", FORM, "invalid_request"),
        ("grant_type=client_credentials&client_secret=x", FORM, "invalid_request"),
        ("grant_type=client_credentials", "text/plain", "invalid_request"),
        ("grant_type=client_credentials&x=" + "y" * 5000, FORM, "invalid_request"),
        ("&".join(f"a{n}=1" for n in range(30)), FORM, "invalid_request"),
        ("grant_type=%ff%fe", FORM, "invalid_request"),
    ],
)
@pytest.mark.sec("SES-09")
async def test_a_malformed_request_gets_the_errors_of_the_rfc(
    auth: AuthService, form: str, content_type: str, error: str
) -> None:
    credentials = await registered(auth)
    answer = await ask_token(auth, credentials, form, content_type=content_type)
    assert (answer.status, answer.json()["error"]) == (400, error)


@pytest.mark.sec("SES-14")
@pytest.mark.parametrize("value", ["", "Basic", "Basic !!!", "Basic " + "QQ==", "Bearer abc", "Basic /////w=="])
async def test_hostile_credentials_are_refused(auth: AuthService, value: str) -> None:
    headers = {"Content-Type": FORM, "Authorization": value, "X-Forwarded-For": "203.0.113.1"}
    answer = await auth.client.request(
        "POST", "/v1/oauth/token", caller=a_guest(), body=b"grant_type=client_credentials", headers=headers
    )
    assert (answer.status, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(("waited", "state"), [(LIFE - timedelta(seconds=1), "valid"), (LIFE, "expired")])
async def test_a_token_dies_after_ten_minutes(auth: AuthService, waited: timedelta, state: str) -> None:
    token = await token_of(auth, await registered(auth))
    auth.clock.advance(waited)
    assert await state_of(auth, token) == state


async def test_both_secrets_are_good_during_the_overlap_and_the_old_one_ends(auth: AuthService) -> None:
    client_id, first = await registered(auth)
    rotated = (await ask(auth, f"/{client_id}/secrets", {"overlap_hours": 24})).json()
    second = rotated["client_secret"]
    assert (await ask_token(auth, (client_id, first))).status == 200
    assert (await ask_token(auth, (client_id, second))).status == 200
    third = await ask(auth, f"/{client_id}/secrets")
    assert (third.status, third.json()["code"]) == (409, "two_secrets")
    auth.clock.advance(timedelta(hours=24, seconds=-1))
    assert (await ask_token(auth, (client_id, first))).status == 200
    auth.clock.advance(timedelta(seconds=1))
    assert (await ask_token(auth, (client_id, first))).status == 401
    assert (await ask_token(auth, (client_id, second))).status == 200


async def test_ending_the_former_secret_ends_its_tokens_and_no_others(auth: AuthService) -> None:
    client_id, first = await registered(auth)
    second = (await ask(auth, f"/{client_id}/secrets")).json()["client_secret"]
    old, new = await token_of(auth, (client_id, first)), await token_of(auth, (client_id, second))
    shown = (await ask(auth, f"/{client_id}/former-secret-end")).json()
    assert [secret["ends_at"] for secret in shown["secrets"]] == [None]
    assert (await state_of(auth, old), await state_of(auth, new)) == ("expired", "valid")
    assert (await ask_token(auth, (client_id, first))).status == 401


async def test_of_many_rotations_at_once_one_is_made(auth: AuthService) -> None:
    client_id, first = await registered(auth)
    answers = await asyncio.gather(*(ask(auth, f"/{client_id}/secrets") for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409]
    (made,) = (answer.json()["client_secret"] for answer in answers if answer.status == 201)
    assert (await ask_token(auth, (client_id, made))).status == 200
    assert (await ask_token(auth, (client_id, first))).status == 200


@pytest.mark.sec("SES-12")
async def test_a_suspension_ends_all_tokens_at_once_for_good(auth: AuthService) -> None:
    credentials = await registered(auth)
    token = await token_of(auth, credentials)
    assert (await ask(auth, f"/{credentials[0]}/suspension")).json()["status"] == "suspended"
    assert await state_of(auth, token) == "expired"
    assert (await ask_token(auth, credentials)).status == 401
    await ask(auth, f"/{credentials[0]}/readmission")
    assert await state_of(auth, token) == "expired"
    assert await state_of(auth, await token_of(auth, credentials)) == "valid"


@pytest.mark.sec("SEC-61")
async def test_a_scope_taken_away_counts_for_tokens_there_are(auth: AuthService) -> None:
    credentials = await registered(auth)
    token = await token_of(auth, credentials)
    await ask(auth, f"/{credentials[0]}/scopes", {"scopes": ["profile"]})
    assert (await auth.verdict(token))["scopes"] == ["profile"]
    await ask(auth, f"/{credentials[0]}/scopes", {"scopes": ["profile", "secrets"]})


async def test_a_suspension_killed_before_it_counts_is_finished_later(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_args: object) -> None:
        raise RuntimeError("killed")

    credentials = await registered(auth)
    token = await token_of(auth, credentials)
    with monkeypatch.context() as patched:
        patched.setattr(IntegratorDocuments, "follow", killed)
        assert (await ask(auth, f"/{credentials[0]}/suspension")).status == 500
    assert await state_of(auth, token) == "valid"
    administer = auth.use_cases.integrators.administer
    later = auth.clock.now() + timedelta(seconds=1)
    assert await administer.follow_changes_before(later) == 1
    assert await state_of(auth, token) == "expired"
    assert await administer.follow_changes_before(later) == 0


async def test_a_repeated_registration_is_one_and_its_last_secret_counts(auth: AuthService) -> None:
    body, key = {"name": "Bệnh viện A", "scopes": ["profile"]}, "k" * 30
    first, second = [(await ask(auth, "", body, key=key)).json() for _ in range(2)]
    assert first["client_id"] == second["client_id"]
    assert (await ask_token(auth, (first["client_id"], first["client_secret"]))).status == 401
    assert (await ask_token(auth, (second["client_id"], second["client_secret"]))).status == 200


@pytest.mark.sec("API-02")
async def test_guesses_at_once_are_all_counted(auth: AuthService) -> None:
    client_id, secret = await registered(auth)
    answers = await asyncio.gather(*(ask_token(auth, (client_id, "igs_wrong")) for _ in range(25)))
    assert sorted(answer.status for answer in answers) == [401] * 10 + [429] * 15
    slow = await ask_token(auth, (client_id, secret))
    assert (slow.status, slow.json()["error"]) == (429, "temporarily_unavailable")
    assert int(slow.headers["retry-after"]) > 0
    # From elsewhere, and a minute later, the right secret is let in.
    assert (await ask_token(auth, (client_id, secret), address="203.0.113.9")).status == 200
    auth.clock.advance(timedelta(seconds=60))
    assert (await ask_token(auth, (client_id, secret))).status == 200


@pytest.mark.sec("API-04")
async def test_a_client_gets_sixty_tokens_a_minute(auth: AuthService) -> None:
    credentials = await registered(auth)
    answers = [await ask_token(auth, credentials) for _ in range(61)]
    assert [answer.status for answer in answers] == [200] * 60 + [429]


async def test_an_integrator_sees_itself_and_only_what_its_token_is_for(auth: AuthService) -> None:
    client_id, _ = await registered(auth)
    seen = await auth.client.request("GET", "/v1/integrators/current", caller=an_integrator(account_id=client_id))
    assert seen.json() == {"client_id": client_id, "name": "Bệnh viện A", "scopes": ["profile"]}
    for caller, status in (
        (an_integrator(account_id=client_id), 403),
        (a_citizen(), 403),
        (ADMINISTRATOR, 403),
        (a_guest(), 401),
    ):
        answer = await auth.client.request("GET", "/v1/integrators/current/secrets", caller=caller)
        assert answer.status == status


@pytest.mark.sec("SEC-60")
async def test_integrators_are_administered_by_administrators_only(auth: AuthService) -> None:
    client_id, _ = await registered(auth)
    for caller, status in (
        (an_officer(roles=("officer", "supervisor")), 403),
        (an_integrator(account_id=client_id), 403),
        (a_citizen(), 403),
        (a_guest(), 401),
    ):
        for path in ("suspension", "readmission", "secrets", "former-secret-end", "scopes"):
            assert (await ask(auth, f"/{client_id}/{path}", by=caller)).status == status
        for path in ("", f"/{client_id}"):
            answer = await auth.client.request("GET", f"/v1/staff/integrators{path}", caller=caller)
            assert answer.status == status


async def test_integrators_are_listed_in_pages(auth: AuthService) -> None:
    ids = sorted([(await registered(auth))[0] for _ in range(3)])
    first = (await auth.client.request("GET", "/v1/staff/integrators?limit=2", caller=ADMINISTRATOR)).json()
    assert ([one["client_id"] for one in first["integrators"]], first["more"]) == (ids[:2], True)
    path = f"/v1/staff/integrators?limit=2&after={ids[1]}"
    rest = (await auth.client.request("GET", path, caller=ADMINISTRATOR)).json()
    assert ([one["client_id"] for one in rest["integrators"]], rest["more"]) == (ids[2:], False)
    assert (await ask(auth, f"/{'f' * 32}/suspension")).status == 404
