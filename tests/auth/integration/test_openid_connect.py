"""The adapter against a provider over real HTTP: what it asks, what it believes, and what becomes of a bad one."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
from ansinh_kit.cancellation import end_tasks
from ansinh_kit.testing.clock import FixedClock
from auth.domain.e_id.claims import EIdRefusedError, IdentityClaims
from auth.domain.e_id.hand_over import HandOver
from auth.handlers.tokens import new_e_id_secret
from auth.providers.openid_connect import OpenIdConnect
from auth.providers.port import EIdUnavailableError

from tests.auth.builders import NOW
from tests.auth.e_id import CITIZEN_NUMBER, CLIENT, RunningProvider, running_provider
from tests.eventually import eventually

CLOCK = FixedClock(NOW)


@pytest.fixture
async def there() -> AsyncIterator[RunningProvider]:
    async with running_provider(CLOCK) as running:
        yield running


@pytest.fixture
async def adapter(there: RunningProvider) -> AsyncIterator[OpenIdConnect]:
    made = there.adapter(CLOCK)
    yield made
    await made.close()


async def redeemed(adapter: OpenIdConnect, there: RunningProvider) -> IdentityClaims:
    over = HandOver.of(new_e_id_secret())
    back = await there.show_e_id(await adapter.address_of(over))
    assert over.is_answered_by(back["state"])
    return await adapter.redeem(back["code"], over)


@pytest.mark.req("V-12")
async def test_who_showed_the_e_id_is_who_the_provider_says(adapter: OpenIdConnect, there: RunningProvider) -> None:
    said = await redeemed(adapter, there)
    assert (said.issuer, said.citizen_number, said.level) == (there.provider.issuer, CITIZEN_NUMBER, "level-2")
    assert said.authenticated_at == NOW
    assert said.subject == (await redeemed(adapter, there)).subject != CITIZEN_NUMBER
    assert there.provider.asked["description"] == there.provider.asked["keys"] == 1


@pytest.mark.sec("SEC-19")
async def test_the_person_takes_along_nothing_but_what_the_protocol_needs(adapter: OpenIdConnect) -> None:
    secret = new_e_id_secret()
    over = HandOver.of(secret)
    address = await adapter.address_of(over)
    asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT.client_id,
        "redirect_uri": CLIENT.redirect_address,
        "scope": "openid",
        "state": over.state,
        "nonce": over.nonce,
        "code_challenge": over.challenge,
        "code_challenge_method": "S256",
        "acr_values": "level-2",
        "prompt": "login",
        "max_age": "0",
    }
    for kept_back in (secret, over.verifier, CLIENT.client_secret):
        assert kept_back not in address


@pytest.mark.sec("API-10")
@pytest.mark.sec("SEC-63")
@pytest.mark.parametrize(
    "kind",
    [
        "wrong_nonce",
        "no_nonce",
        "wrong_audience",
        "more_audiences",
        "wrong_party",
        "wrong_issuer",
        "expired",
        "old",
        "future",
        "unsigned",
        "symmetric",
        "other_key",
        "unknown_key",
        "key_in_header",
        "no_key_id",
        "garbled_token",
        "code_refused",
    ],
)
async def test_a_token_that_does_not_hold_is_refused_and_the_next_good_one_is_believed(
    adapter: OpenIdConnect, there: RunningProvider, kind: str
) -> None:
    there.misbehave(kind)
    with pytest.raises(EIdRefusedError):
        await redeemed(adapter, there)
    await redeemed(adapter, there)


@pytest.mark.sec("API-10")
@pytest.mark.sec("F-30")
@pytest.mark.parametrize("place", ["description", "keys", "token"])
@pytest.mark.parametrize("kind", ["server_error", "redirected", "oversized", "garbage"])
async def test_an_answer_that_cannot_be_relied_on_is_a_provider_out_of_order(
    adapter: OpenIdConnect, there: RunningProvider, kind: str, place: str
) -> None:
    there.misbehave(kind, place)
    with pytest.raises(EIdUnavailableError) as down:
        await redeemed(adapter, there)
    assert down.value.facts()["still_possible"] == ("password", "passkey", "look_ups")
    await redeemed(adapter, there)


@pytest.mark.sec("API-07")
@pytest.mark.parametrize("kind", ["other_issuer_described", "foreign_endpoint", "no_pkce"])
async def test_a_provider_that_describes_another_one_is_not_asked(
    adapter: OpenIdConnect, there: RunningProvider, kind: str
) -> None:
    there.misbehave(kind, "description")
    with pytest.raises(EIdUnavailableError):
        await redeemed(adapter, there)


async def test_an_answer_without_an_id_token_is_none(adapter: OpenIdConnect, there: RunningProvider) -> None:
    there.misbehave("no_token")
    with pytest.raises(EIdUnavailableError):
        await redeemed(adapter, there)


@pytest.mark.req("U-13")
@pytest.mark.parametrize("place", ["description", "keys", "token"])
async def test_a_slow_provider_is_given_up(there: RunningProvider, place: str) -> None:
    adapter = there.adapter(CLOCK, timeout_seconds=0.2)
    there.misbehave("slow", place, seconds=60)
    with pytest.raises(EIdUnavailableError) as late:
        await redeemed(adapter, there)
    assert late.value.reason == "late"
    await adapter.close()


@pytest.mark.req("U-13")
async def test_a_provider_that_is_gone_is_not_waited_for_each_time(there: RunningProvider) -> None:
    adapter = there.adapter(CLOCK, pause_seconds=600.0)
    there.misbehave("server_error", "description", times=0)
    for _ in range(5):
        with pytest.raises(EIdUnavailableError):
            await adapter.address_of(HandOver.of("eid_x"))
    assert there.provider.asked["description"] == 1
    await adapter.close()
    await there.runner.cleanup()
    gone = there.adapter(CLOCK)
    with pytest.raises(EIdUnavailableError) as error:
        await gone.address_of(HandOver.of("eid_x"))
    assert error.value.reason == "not_reached"
    await gone.close()


@pytest.mark.req("U-13")
async def test_a_slow_provider_never_holds_more_than_a_few(there: RunningProvider) -> None:
    adapter = there.adapter(CLOCK)
    over = HandOver.of(new_e_id_secret())
    back = await there.show_e_id(await adapter.address_of(over))
    there.misbehave("slow", times=0, seconds=600)
    waiting = [asyncio.create_task(adapter.redeem(back["code"], over)) for _ in range(32)]
    await eventually(lambda: there.provider.asked["token"] == 32)
    with pytest.raises(EIdUnavailableError) as busy:
        await adapter.redeem(back["code"], over)
    assert busy.value.reason == "busy"
    await end_tasks(waiting)
    await adapter.close()


@pytest.mark.sec("F-40")
async def test_a_provider_that_rotates_its_key_is_believed_at_once_and_asked_once(
    adapter: OpenIdConnect, there: RunningProvider
) -> None:
    await redeemed(adapter, there)
    async with there.http.post(f"{there.provider.issuer}/rotation") as answer:
        assert answer.status == 204
    await redeemed(adapter, there)
    await redeemed(adapter, there)
    assert there.provider.asked["keys"] == 2


async def test_a_key_nobody_has_is_looked_for_once_and_then_refused(
    adapter: OpenIdConnect, there: RunningProvider
) -> None:
    await redeemed(adapter, there)
    there.misbehave("unknown_key")
    with pytest.raises(EIdRefusedError):
        await redeemed(adapter, there)
    assert there.provider.asked["keys"] == 2


async def test_a_code_counts_once_and_only_with_the_verifier_it_was_asked_for_with(
    adapter: OpenIdConnect, there: RunningProvider
) -> None:
    over = HandOver.of(new_e_id_secret())
    back = await there.show_e_id(await adapter.address_of(over))
    with pytest.raises(EIdRefusedError):
        await adapter.redeem(back["code"], HandOver.of(new_e_id_secret()))
    with pytest.raises(EIdRefusedError):
        await adapter.redeem(back["code"], over)


async def test_another_client_s_secret_is_a_fault_of_ours_not_of_the_person(there: RunningProvider) -> None:
    adapter = there.adapter(CLOCK, client_secret="another made-up secret")
    with pytest.raises(EIdUnavailableError) as refused:
        await redeemed(adapter, there)
    assert refused.value.reason == "refused_us"
    await adapter.close()


@pytest.mark.sec("PII-09")
async def test_nothing_of_the_person_stands_in_what_is_logged(
    adapter: OpenIdConnect, there: RunningProvider, capfd: pytest.CaptureFixture[str]
) -> None:
    for kind in ("wrong_nonce", "server_error"):
        there.misbehave(kind)
        with pytest.raises((EIdRefusedError, EIdUnavailableError)):
            await redeemed(adapter, there)
    logged = "".join(capfd.readouterr())
    assert "e_id_answer_refused" in logged
    assert "e_id_provider_unavailable" in logged
    for private in (CITIZEN_NUMBER, CLIENT.client_secret, "eyJ"):
        assert private not in logged
