"""A sandbox lets nobody in where people come from elsewhere, and half a provider is none."""

from typing import Any

import pytest
from ansinh_kit.clock import SystemClock
from ansinh_kit.key_list import KeyList, NamedKey
from auth.providers.addresses import ProviderAddresses
from auth.providers.openid_connect import OpenIdConnect
from auth.providers.port import NoIdentityProvider
from auth.settings import AuthSettings
from pydantic import ValidationError

PUBLIC = frozenset({"https://ansinh.example.vn"})
SANDBOX = "http://127.0.0.1:27410/e-id"
REAL: dict[str, Any] = {
    "public_addresses": PUBLIC,
    "e_id_issuer": "https://e-id.example.vn",
    "e_id_client_id": "ansinh",
    "e_id_client_secret": "a made-up secret",
    "e_id_redirect_address": "https://ansinh.example.vn/e-id/returned",
}


def settings(**changes: object) -> AuthSettings:
    keys = KeyList((NamedKey("test", b"k" * 32),))
    named = (
        "assertion_keys",
        "wrapping_keys",
        "blind_index_keys",
        "sealing_private_key",
        "password_peppers",
        "code_keys",
    )
    facts: dict[str, Any] = {
        "port": 0,
        "mongodb_url": "mongodb://127.0.0.1",
        "amqp_url": "amqp://127.0.0.1",
        "database": "auth",
        "keyring_database": "keys",
        "sealing_public_keys": {},
        **dict.fromkeys(named, keys),
    }
    return AuthSettings(**{**facts, **changes})


def refused(**changes: object) -> str:
    with pytest.raises(ValidationError) as error:
        settings(**changes)
    return str(error.value)


def test_without_an_issuer_nobody_logs_in_by_e_id() -> None:
    assert isinstance(settings().identity_provider(SystemClock()), NoIdentityProvider)


async def test_a_real_provider_is_spoken_to_over_https_and_sends_people_back_to_us() -> None:
    provider = settings(**REAL).identity_provider(SystemClock())
    assert isinstance(provider, OpenIdConnect)
    await provider.close()
    assert "https" in refused(**REAL | {"e_id_issuer": "http://e-id.example.vn"})
    assert "e_id_redirect_address" in refused(**REAL | {"e_id_redirect_address": "https://evil.example/returned"})
    assert "e_id_redirect_address" in refused(
        **REAL | {"e_id_redirect_address": "https://ansinh.example.vn.evil.example/"}
    )
    for missing in ("e_id_client_id", "e_id_client_secret", "e_id_redirect_address"):
        assert "e_id_issuer needs" in refused(**REAL | {missing: None})


@pytest.mark.sec("API-08")
def test_production_cannot_be_pointed_at_a_sandbox_by_accident() -> None:
    here = {
        **REAL,
        "public_addresses": frozenset({"http://localhost:27400"}),
        "e_id_redirect_address": f"{SANDBOX}/returned",
    }
    settings(**here | {"e_id_issuer": SANDBOX, "e_id_sandbox_allowed": True})
    # Not allowed in so many words; allowed where people come from elsewhere; and one that is not on this machine.
    assert "https" in refused(**REAL | {"e_id_issuer": SANDBOX})
    assert "e_id_sandbox_allowed" in refused(**REAL | {"e_id_issuer": SANDBOX, "e_id_sandbox_allowed": True})
    assert "e_id_sandbox_allowed" in refused(public_addresses=PUBLIC, e_id_sandbox_allowed=True)
    assert "https" in refused(**here | {"e_id_issuer": "http://sandbox:8080/e-id", "e_id_sandbox_allowed": True})
    assert "https" in refused(**here | {"e_id_issuer": "https://e-id.example.vn", "e_id_sandbox_allowed": True})


@pytest.mark.sec("SEC-09")
@pytest.mark.sec("API-07")
@pytest.mark.parametrize(
    "address",
    [
        "http://e-id.example.vn/token",
        "https://evil.example/token",
        "https://e-id.example.vn.evil.example/token",
        "https://e-id.example.vn@evil.example/token",
        "https://user:secret@e-id.example.vn/token",
        "https://e-id.example.vn:8443/token",
        "https://e-id.example.vn/token#part",
        "https://e-id.example.vn:no/token",
        "https://[::1/token",
        "https://127.0.0.1/token",
        "file:///etc/passwd",
        "",
    ],
)
def test_the_provider_s_description_sends_us_nowhere_else(address: str) -> None:
    addresses = ProviderAddresses(issuer="https://e-id.example.vn", hosts=frozenset({"keys.example.vn"}))
    assert not addresses.allows(address)
    assert addresses.allows("https://e-id.example.vn/token")
    assert addresses.allows("https://keys.example.vn/keys")


def test_the_longest_wait_for_the_provider_is_below_the_gateway_s() -> None:
    assert "e_id_timeout_seconds" in refused(e_id_timeout_seconds=5)
