import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from ansinh_contracts.session_check import hash_token
from auth.domain.device_proofs import DeviceProofRefusedError, ProofRules, ProvenRequest, read_proof
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey

from tests.auth.builders import NOW
from tests.auth.device_keys import BASE, DeviceKey

RULES = ProofRules(bases=(BASE, "http://127.0.0.1:8600/api/auth"))
PATH = "/v1/sessions"
REQUEST = ProvenRequest("POST", PATH)
TOKEN = "sit_" + "a" * 43
DEVICE = DeviceKey()
SECOND = timedelta(seconds=1)


def proof(device: DeviceKey = DEVICE, **changes: Any) -> str:  # noqa: ANN401 - whatever a proof can have wrong
    facts: dict[str, Any] = {"now": NOW, "nonce": "n"} | changes
    return device.proof("POST", PATH, **facts)


def refused(text: str, request: ProvenRequest = REQUEST) -> str:
    with pytest.raises(DeviceProofRefusedError) as refusal:
        read_proof(text, request, RULES, NOW)
    assert refusal.value.facts() == {"rule": refusal.value.rule, "nonce": None}
    return refusal.value.rule


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@pytest.mark.sec("SES-10")
def test_a_proof_names_the_key_that_signed_it() -> None:
    read = read_proof(proof(claims={"jti": "j" * 16}), REQUEST, RULES, NOW)
    assert (read.thumbprint, read.proof_id, read.nonce) == (DEVICE.thumbprint, "j" * 16, "n")


@pytest.mark.sec("SES-10")
@pytest.mark.parametrize("claim", ["jti", "htm", "htu", "iat"])
def test_a_proof_without_one_of_its_claims_is_none(claim: str) -> None:
    assert refused(proof(claims={claim: None})) == "form"


@pytest.mark.sec("SES-10")
def test_a_clients_first_proof_has_no_nonce() -> None:
    assert read_proof(proof(claims={"nonce": None}), REQUEST, RULES, NOW).nonce == ""


@pytest.mark.sec("SES-10")
@pytest.mark.parametrize("method", ["GET", "PUT", "post", ""])
def test_a_proof_for_another_method_is_refused(method: str) -> None:
    assert refused(proof(claims={"htm": method})) == "method"


@pytest.mark.sec("SES-10")
@pytest.mark.parametrize(
    "address",
    [
        f"{BASE}/v1/sessions/current",
        f"{BASE}/v1/sessions/",
        BASE,
        PATH,
        "https://ansinh.example/api/records/v1/sessions",
        f"https://elsewhere.example/api/auth{PATH}",
        f"http://ansinh.example/api/auth{PATH}",
        f"https://ansinh.example:8443/api/auth{PATH}",
        f"https://somebody@ansinh.example/api/auth{PATH}",
        "https://[::1/api/auth/v1/sessions",
        "https://ansinh.example:port/api/auth/v1/sessions",
        "",
    ],
)
def test_a_proof_for_another_address_is_refused(address: str) -> None:
    assert refused(proof(claims={"htu": address})) == "address"


@pytest.mark.parametrize(
    "address",
    [
        f"{BASE}{PATH}?a=1#part",
        f"https://ANSINH.example/api/auth{PATH}",
        f"https://ansinh.example:443/api/auth{PATH}",
        f"http://127.0.0.1:8600/api/auth{PATH}",
    ],
)
def test_an_address_may_be_written_in_any_way_that_means_the_same(address: str) -> None:
    assert read_proof(proof(claims={"htu": address}), REQUEST, RULES, NOW).thumbprint == DEVICE.thumbprint


@pytest.mark.sec("SES-10")
@pytest.mark.parametrize("off", [-61, 61, -3600, 10**9])
def test_stale_and_future_proofs_are_refused(off: int) -> None:
    assert refused(proof(now=NOW + off * SECOND)) == "time"


@pytest.mark.parametrize("off", [-60, 0, 60])
def test_a_device_s_clock_may_be_a_minute_off(off: int) -> None:
    assert read_proof(proof(now=NOW + off * SECOND), REQUEST, RULES, NOW).nonce == "n"


@pytest.mark.sec("SES-10")
@pytest.mark.parametrize("token", [None, "sit_" + "b" * 43])
def test_inside_a_session_a_proof_names_the_session_s_own_token(token: str | None) -> None:
    request = ProvenRequest("POST", PATH, hash_token(TOKEN))
    assert refused(proof(token=token), request) == "token"
    assert read_proof(proof(token=TOKEN), request, RULES, NOW).thumbprint == DEVICE.thumbprint


@pytest.mark.sec("SES-10")
def test_an_unsigned_or_symmetric_proof_is_refused() -> None:
    secret = OctKey.generate_key(256)
    _, body, signature = proof().split(".")
    unsigned = encoded({"typ": "dpop+jwt", "alg": "none", "jwk": DEVICE.key.as_dict(private=False)})
    assert refused(f"{unsigned}.{body}.") == "form"
    assert refused(f"{unsigned}.{body}.{signature}") == "header"
    assert refused(proof(header={"alg": "HS256"}, signing_key=secret)) == "header"
    assert refused(proof(header={"alg": "HS256", "jwk": secret.as_dict()}, signing_key=secret)) == "header"


@pytest.mark.sec("SES-10")
def test_another_curve_is_refused() -> None:
    other = ECKey.generate_key("P-384")
    assert refused(proof(header={"alg": "ES384", "jwk": other.as_dict(private=False)}, signing_key=other)) == "header"
    assert refused(proof(header={"jwk": other.as_dict(private=False)})) == "key"


@pytest.mark.sec("SES-10")
@pytest.mark.parametrize(
    "header",
    [
        {"jwk": None},
        {"jwk": DEVICE.key.as_dict(private=True)},
        {"jwk": {**DEVICE.key.as_dict(private=False), "k": "AAAA"}},
        {"jwk": {**DEVICE.key.as_dict(private=False), "y": "A" * 43}},
        {"jwk": OctKey.generate_key(256).as_dict()},
    ],
)
def test_a_private_key_a_symmetric_one_a_point_off_the_curve_or_none_is_refused(header: dict[str, Any]) -> None:
    assert refused(proof(header=header)) == "key"


@pytest.mark.sec("SES-10")
@pytest.mark.parametrize(
    "header",
    [{"typ": "JWT"}, {"typ": None}, {"jku": "https://x.example"}, {"x5u": "https://x.example"}, {"crit": ["typ"]}],
)
def test_a_proof_of_another_kind_or_that_points_elsewhere_for_its_key_is_refused(header: dict[str, Any]) -> None:
    assert refused(proof(header=header)) == "header"


@pytest.mark.sec("SES-10")
def test_what_another_key_signed_is_refused() -> None:
    assert refused(proof(signing_key=ECKey.generate_key())) == "signature"


@pytest.mark.sec("SES-10")
@given(st.sampled_from(["htm", "htu", "jti", "iat", "nonce"]), st.text(min_size=1, max_size=40))
def test_no_claim_can_be_changed_after_signing(claim: str, value: str) -> None:
    head, body, signature = proof().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert refused(f"{head}.{encoded(claims | {claim: value})}.{signature}") == "signature"


@given(
    st.one_of(st.text(max_size=300), st.from_regex(r"[A-Za-z0-9_-]{1,80}(\.[A-Za-z0-9_-]{1,80}){2}", fullmatch=True))
)
def test_whatever_is_no_proof_is_refused_and_breaks_nothing(text: str) -> None:
    assert refused(text) in ("form", "header")


def test_a_proof_longer_than_any_honest_one_is_not_read() -> None:
    assert refused(proof(claims={"jti": "j" * 128, "padding": "x" * 2048})) == "form"


def test_proofs_cannot_be_set_to_live_long() -> None:
    with pytest.raises(ValueError, match="SES-10"):
        ProofRules(bases=(BASE,), clock_slack=timedelta(minutes=6))
