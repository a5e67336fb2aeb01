import base64
import json

import pytest
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.personal_data.sealing import Opener, Sealer, SealError, UnknownRecipientError, public_keys_of
from hypothesis import given
from hypothesis import strategies as st

AUTH = KeyList((NamedKey("auth-1", b"a" * 32),))
AUTH_NEXT = NamedKey("auth-2", b"b" * 32)
NOTIFICATIONS = KeyList((NamedKey("notifications-1", b"c" * 32),))

SEALER = Sealer({"auth": public_keys_of(AUTH), "notifications": public_keys_of(NOTIFICATIONS)})
OPENER = Opener("auth", AUTH)


def sealed(plaintext: bytes = b"Hue") -> str:
    return SEALER.seal("auth", plaintext, event_id="event-1", part="holder")


@given(plaintext=st.binary(max_size=4_000))
def test_the_recipient_reads_what_was_sealed(plaintext: bytes) -> None:
    assert OPENER.open(sealed(plaintext), event_id="event-1", part="holder") == plaintext


@pytest.mark.parametrize(
    "place", [{"event_id": "event-2", "part": "holder"}, {"event_id": "event-1", "part": "contact"}]
)
@pytest.mark.sec("PII-08")
def test_a_sealed_value_moved_to_another_place_is_refused(place: dict[str, str]) -> None:
    with pytest.raises(SealError):
        OPENER.open(sealed(), **place)


@pytest.mark.sec("PII-08")
def test_another_service_cannot_open_it() -> None:
    with pytest.raises(SealError):
        Opener("notifications", NOTIFICATIONS).open(sealed(), event_id="event-1", part="holder")


def test_a_service_refuses_what_names_another_audience_even_under_its_own_key() -> None:
    misdirected = Sealer({"records": public_keys_of(AUTH)}).seal("records", b"x", event_id="event-1", part="holder")
    with pytest.raises(SealError):
        OPENER.open(misdirected, event_id="event-1", part="holder")


def test_sealing_to_a_service_without_a_key_is_an_error() -> None:
    with pytest.raises(UnknownRecipientError):
        SEALER.seal("records", b"x", event_id="event-1", part="holder")


def test_a_change_of_any_character_is_noticed() -> None:
    whole = sealed()
    for index, character in enumerate(whole):
        # Two base64 letters can stand for the same bytes at the end of a segment: change by a half of the alphabet.
        replacement = "A" if character not in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" else "z"
        changed = whole[:index] + replacement + whole[index + 1 :]
        with pytest.raises(SealError):
            OPENER.open(changed, event_id="event-1", part="holder")


@given(noise=st.text(max_size=200))
def test_noise_is_refused_and_nothing_else_happens(noise: str) -> None:
    with pytest.raises(SealError):
        OPENER.open(noise, event_id="event-1", part="holder")


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "dir"},
        {"alg": "ECDH-ES+A256KW"},
        {"enc": "A128GCM"},
        {"kid": "auth-9"},
        {"jku": "https://evil.example/keys"},
        {"zip": "DEF"},
        {"crit": ["aud"]},
        {"epk": {"kty": "OKP", "crv": "X25519"}},
        {"epk": {"kty": "OKP", "crv": "X25519", "x": "AAAA"}},
        {"epk": "text"},
        {"epk": None},
        {"apu": 1},
        {"alg": None},
        {"kid": ["auth-1"]},
    ],
)
def test_a_hostile_header_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(SealError):
        OPENER.open(_with_header(sealed(), change), event_id="event-1", part="holder")


def _with_header(token: str, change: dict[str, object]) -> str:
    encoded, rest = token.split(".", 1)
    header = json.loads(base64.urlsafe_b64decode(encoded + "=="))
    text = json.dumps({**header, **change})
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode() + "." + rest


def test_while_keys_rotate_both_old_and_new_values_open() -> None:
    rotating = KeyList((AUTH_NEXT, *AUTH))
    opener = Opener("auth", rotating)
    new = Sealer({"auth": public_keys_of(rotating)}).seal("auth", b"new", event_id="event-1", part="holder")
    assert opener.open(new, event_id="event-1", part="holder") == b"new"
    assert opener.open(sealed(b"old"), event_id="event-1", part="holder") == b"old"


def test_once_the_old_key_is_gone_its_values_do_not_open() -> None:
    with pytest.raises(SealError):
        Opener("auth", KeyList((AUTH_NEXT,))).open(sealed(), event_id="event-1", part="holder")
