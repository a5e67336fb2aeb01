"""ID tokens, each wrong in one way; and which of a provider's keys they may be checked with."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from auth.domain.e_id.claims import EIdRefusedError, IdentityClaims
from auth.providers.id_tokens import LONGEST_TOKEN, TokenRules, read_id_token
from auth.providers.port import EIdUnavailableError
from auth.providers.signing_keys import SigningKeys, read_signing_keys
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

pytestmark = [pytest.mark.sec("API-10"), pytest.mark.req("V-12")]

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RULES = TokenRules(issuer="https://e-id.example.vn", client_id="ansinh", citizen_number_claim="citizen_number")
EC = ECKey.generate_key("P-256", {"kid": "ec"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
OTHER = ECKey.generate_key("P-256", {"kid": "ec"})
KEYS = read_signing_keys({"keys": [EC.as_dict(private=False), RSA.as_dict(private=False)]})


def claims(**changes: object) -> dict[str, Any]:
    at = int(NOW.timestamp())
    facts: dict[str, object] = {
        "iss": RULES.issuer,
        "sub": "6f1c-0001",
        "aud": "ansinh",
        "iat": at,
        "exp": at + 300,
        "auth_time": at,
        "nonce": "n",
        "acr": "level-2",
        "citizen_number": "066185000001",
    }
    return {name: value for name, value in {**facts, **changes}.items() if value is not None}


def token(said: dict[str, Any] | None = None, key: ECKey | RSAKey = EC, **header: object) -> str:
    chosen: dict[str, Any] = {"alg": "ES256", "kid": key.kid, **header}
    return jwt.encode({n: v for n, v in chosen.items() if v is not None}, said or claims(), key, [chosen["alg"]])


def read(text: str, keys: SigningKeys = KEYS, now: datetime = NOW) -> IdentityClaims:
    return read_id_token(text, keys, RULES, nonce="n", now=now)


def rule_of(text: str, keys: SigningKeys = KEYS, now: datetime = NOW) -> str:
    with pytest.raises(EIdRefusedError) as refused:
        read(text, keys, now)
    return refused.value.rule


def test_what_a_right_token_says_is_read() -> None:
    for text in (token(), token(key=RSA, alg="RS256"), token(key=RSA, alg="PS256"), token(claims(aud=["ansinh"]))):
        said = read(text)
        assert (said.subject, said.citizen_number, said.level) == ("6f1c-0001", "066185000001", "level-2")
        assert said.authenticated_at == NOW


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"iss": "https://e-id.example.vn/"}, "issuer"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": ["ansinh", "another"], "azp": "ansinh"}, "audience"),
        ({"aud": []}, "audience"),
        ({"azp": "another"}, "audience"),
        ({"nonce": "m"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": None}, "claims"),
        ({"iat": None}, "claims"),
        ({"sub": None}, "claims"),
        ({"sub": ""}, "claims"),
        ({"exp": True}, "claims"),
        ({"exp": "9999999999"}, "claims"),
        ({"exp": 10**30}, "claims"),
        ({"iat": -1}, "claims"),
        ({"auth_time": "now"}, "claims"),
        ({"aud": {"ansinh": 1}}, "claims"),
    ],
)
def test_a_token_that_is_not_meant_for_us_here_and_now_is_refused(changes: dict[str, object], rule: str) -> None:
    assert rule_of(token(claims(**changes))) == rule


def test_a_token_counts_from_its_making_to_its_end_give_or_take_a_minute() -> None:
    slack = timedelta(seconds=60)
    for good in (-slack, timedelta(0), timedelta(seconds=300) + slack - SECOND):
        read(token(), now=NOW + good)
    for late in (-slack - SECOND, timedelta(seconds=300) + slack):
        assert rule_of(token(), now=NOW + late) == "time"
    long_lived = token(claims(exp=int(NOW.timestamp()) + 86_400))
    read(long_lived, now=NOW + timedelta(minutes=6))
    assert rule_of(long_lived, now=NOW + timedelta(minutes=6) + SECOND) == "time"


@pytest.mark.sec("SEC-63")
@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ({"kid": None}, "header"),
        ({"kid": "nobody"}, "key"),
        ({"jku": "https://evil.example/keys"}, "header"),
        ({"jwk": OTHER.as_dict(private=False)}, "header"),
        ({"x5u": "https://evil.example/cert"}, "header"),
        ({"crit": ["b64"], "b64": True}, "header"),
    ],
)
def test_a_token_brings_no_key_along_and_names_one_that_is_known(header: dict[str, object], rule: str) -> None:
    good = token().split(".")
    chosen = {"alg": "ES256", "kid": "ec", **header}
    forged = _part({name: value for name, value in chosen.items() if value is not None})
    assert rule_of(".".join((forged, *good[1:]))) == rule


@pytest.mark.sec("SEC-63")
@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS512", "RS512", "ES384", "EdDSA", "", None, 1])
def test_no_other_algorithm_is_taken_whatever_the_signature(algorithm: object) -> None:
    forged = _part({"alg": algorithm, "kid": "ec"})
    _, payload, signature = token().split(".")
    assert rule_of(f"{forged}.{payload}.{signature}") == "header"


@pytest.mark.sec("SEC-63")
def test_a_public_key_is_no_shared_secret_and_serves_its_own_algorithm_only() -> None:
    shared = OctKey.import_key(json.dumps(RSA.as_dict(private=False)))
    mixed = jwt.encode({"alg": "HS256", "kid": "rsa"}, claims(), shared, ["HS256"])
    assert rule_of(mixed) == "header"
    assert rule_of(token(key=RSA, alg="RS256", kid="ec")) == "key"
    assert rule_of(token(kid="rsa")) == "key"


def test_another_s_signature_is_none() -> None:
    assert rule_of(token(key=OTHER)) == "signature"
    head, _, signature = token().split(".")
    assert rule_of(f"{head}.{_part(claims(sub='x'))}.{signature}") == "signature"


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a.b", "a.b.c", "a.b.c.d", "e30.e30.", "é.é.é", "x" * (LONGEST_TOKEN + 1)]
)
def test_what_is_no_token_is_refused(text: str) -> None:
    assert rule_of(text) in {"form", "header"}


@given(st.text(max_size=300))
def test_whatever_comes_is_refused_and_nothing_breaks(text: str) -> None:
    with pytest.raises(EIdRefusedError):
        read(text)


@given(st.integers(min_value=0, max_value=10_000), st.integers(min_value=1, max_value=255))
def test_a_token_that_was_changed_anywhere_says_nothing(place: int, by: int) -> None:
    right = token().encode()
    at = place % len(right)
    changed = bytearray(right)
    changed[at] = (changed[at] + by) % 128
    text = changed.decode()
    if text == right.decode() or _same_bytes(text, right.decode()):
        return
    with pytest.raises(EIdRefusedError):
        read(text)


def _same_bytes(one: str, other: str) -> bool:
    """Tell whether they differ only in bits that base64 throws away."""
    head, _, signature = one.rpartition(".")
    other_head, _, other_signature = other.rpartition(".")
    return head == other_head and len(signature) == len(other_signature) and signature[:-1] == other_signature[:-1]


def test_keys_for_other_purposes_weak_ones_and_private_halves_are_no_keys_here() -> None:
    modulus = base64.urlsafe_b64encode(b"\xc1" * 128).rstrip(b"=").decode()
    weak = {"kty": "RSA", "kid": "weak", "n": modulus, "e": "AQAB"}
    for offered in (
        {**EC.as_dict(private=False), "use": "enc"},
        {**EC.as_dict(private=False), "alg": "HS256"},
        {**EC.as_dict(private=False), "kid": ""},
        {**EC.as_dict(private=False), "x": "A" * 43},
        ECKey.generate_key("P-384", {"kid": "ec"}).as_dict(private=False),
        {"kty": "oct", "k": "AAAA", "kid": "ec"},
        weak,
        "a key",
    ):
        keys = read_signing_keys({"keys": [offered]})
        assert "ec" not in keys
        assert "weak" not in keys
    only = read_signing_keys({"keys": [{**RSA.as_dict(private=False), "alg": "PS256"}]})
    read(token(key=RSA, alg="PS256"), only)
    assert rule_of(token(key=RSA, alg="RS256"), only) == "key"


@pytest.mark.parametrize(
    "body",
    [{}, {"keys": {}}, {"keys": [EC.as_dict(private=False)] * 2}, {"keys": [{"kty": "EC"}] * 33}],
    ids=["nothing", "no list", "one id twice", "too many"],
)
def test_what_is_no_key_set_is_a_provider_out_of_order(body: dict[str, Any]) -> None:
    with pytest.raises(EIdUnavailableError):
        read_signing_keys(body)


def _part(value: dict[str, Any]) -> str:
    return jwt.encode({"alg": "ES256"}, value, EC).split(".")[1]
