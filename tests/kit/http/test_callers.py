import base64
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.http.assertion import HEADER, AssertionIssuer, AssertionVerifier, Caller
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.testing.asgi_client import AsgiClient
from ansinh_kit.testing.callers import a_citizen, a_guest, a_service, an_integrator, an_officer
from ansinh_kit.testing.clock import FixedClock
from starlette.types import Receive, Scope, Send

from tests.kit.http.edge_app import KEYS, SERVICE, Service


def claims(**changes: object) -> dict[str, Any]:
    now = int(FixedClock().now().timestamp())
    return {
        "iss": "gateway",
        "aud": SERVICE,
        "iat": now,
        "exp": now + 30,
        "jti": "request-1",
        "kind": "citizen",
        "sub": "account-1",
        "person": "person-1",
        "roles": [],
        "agency": None,
        "epoch": 1,
        **changes,
    }


def signed(payload: Mapping[str, object], *, key: bytes = b"n" * 32, **header: object) -> str:
    """Sign anything at all, as an attacker who holds the key could: no library checks what stands in it."""
    full = {"alg": "HS256", "typ": "ansinh-assertion+jwt", "kid": "2026", **header}
    head = _encoded({name: value for name, value in full.items() if value is not None})
    body = _encoded(payload)
    digest = "sha512" if full["alg"] == "HS512" else "sha256"
    signature = hmac.new(key, f"{head}.{body}".encode(), digest).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _encoded(value: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def as_our_issuer_writes(assertion: str) -> str:
    """Return the statement without spaces in its JSON, signed with our key: the verifier reads that by itself."""
    parts = (base64.urlsafe_b64decode(part + "===") for part in assertion.split(".")[:2])
    signed_part = b".".join(
        base64.urlsafe_b64encode(json.dumps(json.loads(part), separators=(",", ":")).encode()).rstrip(b"=")
        for part in parts
    )
    signature = hmac.new(b"n" * 32, signed_part, "sha256").digest()
    return f"{signed_part.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in claims().items() if key != name}


def unsigned() -> str:
    header = {"alg": "none", "typ": "ansinh-assertion+jwt", "kid": "2026"}
    return f"{_encoded(header)}.{_encoded(claims())}."


HOSTILE = {
    "none": unsigned(),
    "another algorithm": signed(claims(), alg="HS512"),
    "another key": signed(claims(), key=b"x" * 32),
    "unknown key id": signed(claims(), kid="2030"),
    "no key id": signed(claims(), kid=None),
    "jku": signed(claims(), jku="https://evil.example/keys"),
    "jwk": signed(claims(), jwk={"kty": "oct", "k": "bm5ubg"}),
    "x5u": signed(claims(), x5u="https://evil.example/cert"),
    "crit": signed(claims(), crit=["exp"]),
    "another type": signed(claims(), typ="JWT"),
    "no type": signed(claims(), typ=None),
    "another audience": signed(claims(aud="auth")),
    "many audiences": signed(claims(aud=[SERVICE, "auth"])),
    "another issuer": signed(claims(iss="auth")),
    "a long life": signed(claims(exp=claims()["iat"] + 61)),
    "one second too long": signed(claims(exp=claims()["iat"] + 31)),
    "from the future": signed(claims(iat=claims()["iat"] + 6, exp=claims()["exp"] + 6)),
    "long over": signed(claims(iat=claims()["iat"] - 60, exp=claims()["iat"] - 30)),
    "NaN as end": signed(claims(exp=float("nan"))),
    "text as end": signed(claims(exp="2099")),
    "true as end": signed(claims(exp=True)),
    "an unknown kind": signed(claims(kind="admin")),
    "an integrator without scopes": signed(claims(kind="integrator")),
    "scopes of a citizen": signed(claims(scopes=["profile"])),
    "an extra claim": signed(claims(admin=True)),
    "an unsafe request id": signed(claims(jti="a\r\nb")),
    "a long request id": signed(claims(jti="a" * 65)),
    "empty": "",
    "noise": "a.b.c",
    "a session token": "sit_" + "A" * 43,
    **{f"without {name}": signed(without(name)) for name in claims()},
}


@pytest.mark.sec("SEC-63")
@pytest.mark.sec("SES-08")
@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_assertion_is_401(client: AsgiClient, name: str) -> None:
    answer = await client.request("GET", "/v1/forms", headers={HEADER: HOSTILE[name]})
    assert (answer.status, answer.json()["code"]) == (401, "unauthenticated")


WELL_SIGNED = sorted(set(HOSTILE) - {"none", "another key", "empty", "noise", "a session token", "another algorithm"})


@pytest.mark.sec("SES-08")
@pytest.mark.parametrize("name", WELL_SIGNED)
async def test_a_hostile_assertion_is_401_as_our_issuer_would_write_it_too(client: AsgiClient, name: str) -> None:
    answer = await client.request("GET", "/v1/forms", headers={HEADER: as_our_issuer_writes(HOSTILE[name])})
    assert (answer.status, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.sec("SES-08")
async def test_one_changed_byte_of_our_own_writing_is_401(client: AsgiClient) -> None:
    good = as_our_issuer_writes(signed(claims()))
    assert (await client.request("GET", "/v1/forms", headers={HEADER: good})).status == 200
    places = [0, good.index(".") + 5, good.rindex(".") + 5]
    changed = [f"{good[:place]}{'A' if good[place] != 'A' else 'B'}{good[place + 1 :]}" for place in places]
    for assertion in (*changed, good + "A", good[:-1], f"{good}.", f".{good}", good.replace(".", "..", 1)):
        assert (await client.request("GET", "/v1/forms", headers={HEADER: assertion})).status == 401


async def test_the_statement_the_hostile_ones_differ_from_is_accepted(client: AsgiClient) -> None:
    assert (await client.request("GET", "/v1/forms", headers={HEADER: signed(claims())})).status == 200


@pytest.mark.sec("SES-08")
async def test_without_an_assertion_no_route_answers(client: AsgiClient) -> None:
    for path in ("/v1/forms", "/v1/nowhere", "/v1/forms/1/photo", "/docs"):
        assert (await client.request("GET", path)).status == 401


async def test_two_assertions_are_refused(service: Service) -> None:
    assertion = service.issuer().issue(a_guest(), audience=SERVICE)

    async def doubled(scope: Scope, receive: Receive, send: Send) -> None:
        scope["headers"] = [*scope["headers"], (HEADER.lower().encode(), assertion.encode())]
        await service.app(scope, receive, send)

    once = await AsgiClient(doubled).request("GET", "/v1/forms")
    twice = await AsgiClient(doubled).request("GET", "/v1/forms", headers={HEADER: assertion})
    assert (once.status, twice.status) == (200, 401)


@pytest.mark.sec("LIM-20")
@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (34, 200), (35, 401), (36, 401)])
async def test_an_assertion_dies_thirty_seconds_and_the_skew_after_its_making(
    service: Service, seconds: int, status: int
) -> None:
    assertion = service.issuer().issue(a_citizen(), audience=SERVICE)
    service.clock.advance(timedelta(seconds=seconds))
    assert (await service.client.request("GET", "/v1/forms", headers={HEADER: assertion})).status == status


@pytest.mark.parametrize(
    "caller",
    [
        a_guest(),
        a_citizen(),
        an_officer(roles=("officer", "supervisor")),
        a_service(),
        an_integrator(scopes=("profile", "secrets")),
        Caller(kind="citizen", request_id="r", account_id="Tài khoản", person_id="p", epoch=2**40),
    ],
)
def test_the_verifier_reads_what_the_issuer_wrote(caller: Caller) -> None:
    clock = FixedClock()
    assertion = AssertionIssuer(KEYS, clock=clock).issue(caller, audience=SERVICE)
    assert AssertionVerifier(KEYS, service=SERVICE, clock=clock).verify(assertion) == caller


def test_while_keys_rotate_both_are_accepted() -> None:
    clock = FixedClock()
    new = NamedKey("2027", b"r" * 32)
    verifier = AssertionVerifier(KeyList((new, *KEYS)), service=SERVICE, clock=clock)
    for keys in (KEYS, KeyList((new,))):
        assert verifier.verify(AssertionIssuer(keys, clock=clock).issue(a_guest(), audience=SERVICE)) == a_guest()


@pytest.mark.parametrize(
    ("path", "caller", "status"),
    [
        ("/v1/citizen", a_citizen(), 200),
        ("/v1/citizen", a_guest(), 401),
        ("/v1/citizen", an_officer(), 403),
        ("/v1/citizen", a_service(), 403),
        ("/v1/officer", an_officer(), 200),
        ("/v1/officer", an_officer(roles=("supervisor",)), 200),
        ("/v1/officer", an_officer(roles=("auditor",)), 403),
        ("/v1/officer", an_officer(roles=()), 403),
        ("/v1/officer", a_citizen(), 403),
        ("/v1/officer", a_guest(), 401),
        ("/v1/internal", a_service(), 200),
        ("/v1/citizen", an_integrator(), 403),
        ("/v1/officer", an_integrator(), 403),
        ("/v1/internal", an_integrator(), 403),
        ("/v1/internal", a_citizen(), 403),
        ("/v1/internal", a_guest(), 401),
    ],
)
async def test_a_route_takes_only_its_kind_of_caller(
    client: AsgiClient, path: str, caller: Caller, status: int
) -> None:
    assert (await client.request("GET", path, caller=caller)).status == status


async def test_the_request_id_is_the_gateways(client: AsgiClient) -> None:
    caller = a_guest(request_id="made-by-the-gateway")
    answer = await client.request("GET", "/v1/context", caller=caller, headers={"Request-Id": "the-clients"})
    assert answer.json()["request_id"] == "made-by-the-gateway"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", True),
        ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", False),
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", False),
        ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", False),
        ("0912345678", False),
    ],
)
async def test_only_a_well_formed_trace_is_kept(client: AsgiClient, sent: str, kept: bool) -> None:  # noqa: FBT001 - a table
    answer = await client.request("GET", "/v1/context", caller=a_guest(), headers={"traceparent": sent})
    assert answer.json()["traceparent"] == (sent if kept else None)
