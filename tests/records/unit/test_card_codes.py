"""The code of a card against those who would make one: other keys, other algorithms, changed and moved parts."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.testing.clock import FixedClock
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import OKPKey
from records.handlers import card_codes
from records.handlers.card_codes import (
    PREFIX,
    CardCodeError,
    CardCodes,
    CardNamed,
    ExpiredCodeError,
    ForgedCodeError,
)

CARD = CardNamed("a" * 32, "b" * 32)
OURS, NEXT, THEIRS = (NamedKey(name, name[0].encode() * 32) for name in ("ours", "next", "theirs"))
MINUTES = timedelta(minutes=5)


def codes(*keys: NamedKey, clock: FixedClock | None = None) -> CardCodes:
    return CardCodes(KeyList(keys or (OURS,)), lifetime=MINUTES, clock=clock or FixedClock())


def signed(claims: dict[str, Any], *, key: NamedKey = OURS, **header: str) -> str:
    """Return a token as a holder of `key` could make it, with any claims."""
    protected = {"alg": "Ed25519", "typ": "ansinh-card+jwt", "kid": "ours"} | header
    registry = jws.JWSRegistry(algorithms=["Ed25519"], strict_check_header=False)
    return PREFIX + jwt.encode(protected, claims, card_codes._private(key), registry=registry)


def claims(**changes: object) -> dict[str, Any]:
    now = int(FixedClock().now().timestamp())
    return {"sub": CARD.participant_id, "card": CARD.card_id, "iat": now, "exp": now + 300} | changes


def test_a_code_is_read_as_it_was_made_also_while_keys_rotate() -> None:
    made = codes().issue(CARD)
    assert codes(NEXT, OURS).read(made.payload) == CARD
    assert codes(OURS, NEXT).read(codes(NEXT).issue(CARD).payload) == CARD
    assert made.expires_at == FixedClock().now() + MINUTES


def test_a_code_says_nothing_but_two_random_ids_and_its_minutes() -> None:
    payload = codes().issue(CARD).payload.removeprefix(PREFIX).split(".")[1]
    assert set(json.loads(base64.urlsafe_b64decode(payload + "=="))) == {"sub", "card", "iat", "exp"}
    assert len(codes().issue(CARD).payload) < 350


@pytest.mark.parametrize(
    "forged",
    [
        signed(claims(), key=THEIRS),
        signed(claims(), key=THEIRS, kid="theirs"),
        signed(claims(), typ="ansinh-assertion+jwt"),
        signed(claims(), jku="https://example.com/keys"),
        signed(claims(sub="me")),
        signed(claims(card=None)),
        signed(claims(more="1")),
        signed(claims(exp=claims()["iat"] + 301)),
        signed(claims(iat=claims()["iat"] + 60, exp=claims()["iat"] + 120)),
        signed(claims(exp="soon")),
        signed({}),
    ],
)
def test_what_we_did_not_make_like_this_is_forged(forged: str) -> None:
    with pytest.raises(ForgedCodeError):
        codes().read(forged)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_another_algorithm_does_not_pass_even_with_our_public_key_as_secret(algorithm: str) -> None:
    public = str(card_codes._private(OURS).as_dict(private=False)["x"])
    header = {"alg": algorithm, "typ": "ansinh-card+jwt", "kid": "ours"}
    body = ".".join(_part(json.dumps(each).encode()) for each in (header, claims()))
    mac = hmac.new(public.encode(), body.encode(), hashlib.sha256).digest() if algorithm == "HS256" else b""
    with pytest.raises(ForgedCodeError):
        codes().read(f"{PREFIX}{body}.{_part(mac)}")


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def test_a_code_is_dead_at_its_last_second() -> None:
    clock = FixedClock()
    payload = codes(clock=clock).issue(CARD).payload
    clock.advance(MINUTES - timedelta(seconds=1))
    assert codes(clock=clock).read(payload) == CARD
    clock.advance(timedelta(seconds=1))
    with pytest.raises(ExpiredCodeError):
        codes(clock=clock).read(payload)


@given(place=st.integers(0, 10_000), put=st.sampled_from("Ab0-_.|"))
def test_no_changed_character_passes(place: int, put: str) -> None:
    payload = codes().issue(CARD).payload
    at = place % (len(payload) - 1)  # the last character has unused bits: others spell the same signature
    changed = payload[:at] + put + payload[at + 1 :]
    if changed == payload:
        return
    with pytest.raises(CardCodeError):
        codes().read(changed)


@given(st.one_of(st.text(max_size=600), st.text(max_size=400).map(lambda text: PREFIX + text)))
def test_whatever_is_scanned_is_refused_by_name(scanned: str) -> None:
    with pytest.raises(CardCodeError):
        codes().read(scanned)


def test_private_keys_are_of_the_named_curve() -> None:
    key = card_codes._private(OURS)
    assert isinstance(key, OKPKey)
    assert key.as_dict(private=False)["crv"] == "Ed25519"
