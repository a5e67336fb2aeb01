import json
from contextlib import suppress
from typing import Any

import pytest
from auth.domain.passkeys import (
    PasskeyRefusedError,
    PasskeyRules,
    check_assertion,
    claim_of,
    creation_options,
    passkey_id_of,
    read_registration,
    request_options,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.authenticator import DOMAIN, ORIGIN, Authenticator, Ways, b64, unb64
from tests.auth.builders import ACCOUNT_ID

RULES = PasskeyRules(domain=DOMAIN, origins=(ORIGIN, "https://www.ansinh.example"))
CHALLENGE = b"c" * 32
ASKED = request_options(RULES, challenge=CHALLENGE)
WRONG = [
    Ways(origin="https://ansinh.example.evil.example"),
    Ways(origin="http://ansinh.example"),
    Ways(domain="evil.example"),
    Ways(challenge=b64(b"d" * 32)),
    Ways(verified=False),
    Ways(present=False),
    Ways(cross_origin=True),
    Ways(client_type="payment.get"),
]


def create(known: list[bytes] | None = None) -> dict[str, Any]:
    return creation_options(RULES, challenge=CHALLENGE, account_id=ACCOUNT_ID, user_name="a", known=known or [])


def made() -> tuple[Authenticator, bytes]:
    authenticator = Authenticator()
    registered = read_registration(authenticator.create(create()), challenge=CHALLENGE, rules=RULES)
    return authenticator, registered.public_key


def check(credential: dict[str, Any], public_key: bytes, sign_count: int = 0) -> int:
    return check_assertion(credential, challenge=CHALLENGE, rules=RULES, public_key=public_key, sign_count=sign_count)


@pytest.mark.req("U-10")
def test_an_authenticator_is_asked_for_a_key_it_keeps_and_a_user_it_verifies() -> None:
    options = create([b"known"])
    assert options["rp"] == {"id": DOMAIN, "name": "An Sinh Số"}
    assert unb64(options["user"]["id"]) == ACCOUNT_ID.encode()
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert [one["id"] for one in options["excludeCredentials"]] == [b64(b"known")]
    assert (ASKED["userVerification"], ASKED["allowCredentials"]) == ("required", [])
    json.dumps([options, ASKED])


@pytest.mark.req("U-10")
def test_what_was_registered_signs_and_its_counter_is_told() -> None:
    authenticator, public_key = made()
    credential = authenticator.get(ASKED)
    claim = claim_of(credential)
    assert (claim.account_id, claim.passkey_id) == (ACCOUNT_ID, passkey_id_of(authenticator.credential_id))
    assert check(credential, public_key) == 1


@pytest.mark.req("U-10")
@pytest.mark.parametrize("ways", WRONG, ids=str)
def test_an_answer_made_elsewhere_for_something_else_or_by_nobody_verified_is_refused(ways: Ways) -> None:
    authenticator, public_key = made()
    with pytest.raises(PasskeyRefusedError):
        check(authenticator.get(ASKED, ways), public_key)
    with pytest.raises(PasskeyRefusedError):
        read_registration(Authenticator().create(create(), ways), challenge=CHALLENGE, rules=RULES)


@pytest.mark.req("U-10")
def test_another_authenticators_signature_is_refused() -> None:
    _, public_key = made()
    with pytest.raises(PasskeyRefusedError):
        check(Authenticator(user_handle=b64(ACCOUNT_ID.encode())).get(ASKED), public_key)


@pytest.mark.req("U-10")
@pytest.mark.parametrize(("stored", "told", "holds"), [(5, 6, True), (5, 5, False), (5, 4, False), (0, 0, True)])
def test_a_counter_that_does_not_move_on_is_that_of_a_copy(*, stored: int, told: int, holds: bool) -> None:
    authenticator, public_key = made()
    credential = authenticator.get(ASKED, Ways(counter=told))
    if holds:
        assert check(credential, public_key, stored) == told
    else:
        with pytest.raises(PasskeyRefusedError):
            check(credential, public_key, stored)


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.binary(max_size=80).map(b64),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.sec("SEC-01")
@given(
    st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "attestationObject", "authenticatorData",
                     "signature", "userHandle"]),
    _JUNK,
)  # fmt: skip
def test_whatever_an_answer_holds_it_is_refused_and_breaks_nothing(member: str, junk: Any) -> None:  # noqa: ANN401
    authenticator = Authenticator(user_handle=b64(ACCOUNT_ID.encode()))
    for credential in (authenticator.create(create()), authenticator.get(ASKED)):
        target = credential if member in credential else credential["response"]
        target[member] = junk
        with suppress(PasskeyRefusedError):  # what is not looked at may be anything
            read_registration(credential, challenge=CHALLENGE, rules=RULES)
        with pytest.raises(PasskeyRefusedError):
            check(credential, b"no key")


@given(st.binary(max_size=200))
def test_an_attestation_of_any_bytes_is_refused(raw: bytes) -> None:
    credential = Authenticator().create(create())
    credential["response"]["attestationObject"] = b64(raw)
    with pytest.raises(PasskeyRefusedError):
        read_registration(credential, challenge=CHALLENGE, rules=RULES)
