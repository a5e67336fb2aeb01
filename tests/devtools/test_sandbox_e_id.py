"""The e-ID provider of the sandbox, as a person and a test drive it by hand."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from ansinh_kit.testing.clock import FixedClock

from tests.auth.e_id import CLIENT, RunningProvider, running_provider

ASKED = {
    "response_type": "code",
    "client_id": CLIENT.client_id,
    "redirect_uri": CLIENT.redirect_address,
    "scope": "openid",
    "state": '"><script>',
    "nonce": "n",
    "code_challenge": "c" * 43,
    "code_challenge_method": "S256",
}


@pytest.fixture
async def there() -> AsyncIterator[RunningProvider]:
    async with running_provider(FixedClock()) as running:
        yield running


async def test_the_page_takes_along_what_was_asked_and_runs_nothing_of_it(there: RunningProvider) -> None:
    async with there.http.get(f"{there.provider.issuer}/authorize", params=ASKED) as page:
        text = await page.text()
    assert (page.status, "<script>" in text) == (200, False)
    assert "&lt;script&gt;" in text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("wrong", ["response_type", "client_id", "redirect_uri", "code_challenge_method", "nonce"])
async def test_whoever_was_sent_wrongly_is_sent_nowhere(there: RunningProvider, wrong: str) -> None:
    for ask in (
        there.http.get(f"{there.provider.issuer}/authorize", params={**ASKED, wrong: ""}),
        there.http.post(f"{there.provider.issuer}/authorize", data={**ASKED, wrong: "", "citizen_number": "0" * 12}),
    ):
        async with ask as answer:
            assert (answer.status, await answer.text()) == (400, wrong)


async def test_only_a_citizen_number_is_vouched_for(there: RunningProvider) -> None:
    form = {**ASKED, "citizen_number": "12"}
    async with there.http.post(f"{there.provider.issuer}/authorize", data=form, allow_redirects=False) as answer:
        assert (answer.status, await answer.text()) == (400, "citizen_number")


async def test_misbehaviour_is_ordered_and_taken_back_over_http(there: RunningProvider) -> None:
    ways, described = f"{there.provider.issuer}/ways", f"{there.provider.issuer}/.well-known/openid-configuration"
    async with there.http.post(ways, json={"kind": "kind"}) as refused:
        assert refused.status == 422
    async with there.http.post(ways, json={"kind": "server_error", "place": "description", "times": 0}) as taken:
        assert taken.status == 201
    for _ in range(2):
        async with there.http.get(described) as broken:
            assert broken.status == 500
    async with there.http.delete(ways) as cleared:
        assert cleared.status == 204
    async with there.http.get(described) as good:
        assert urlsplit((await good.json())["token_endpoint"]).path == "/e-id/token"
