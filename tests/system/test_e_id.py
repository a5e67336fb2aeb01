"""Log-in by e-ID as a browser does it: through the gateway, over the provider's page, and back."""

import html
import re
from urllib.parse import parse_qs, urljoin, urlsplit

import aiohttp
import pytest
from devtools.story.cast import Cast

from tests.eventually import eventually
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow]

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


async def _shown_at_the_provider(http: aiohttp.ClientSession, address: str, citizen_number: str) -> dict[str, str]:
    """Fill in the provider's page; return what comes back in the address."""
    async with http.get(address) as page:
        assert page.status == 200
        fields = {name: html.unescape(value) for name, value in _HIDDEN.findall(await page.text())}
    form = {**fields, "citizen_number": citizen_number}
    async with http.post(urljoin(address, urlsplit(address).path), data=form, allow_redirects=False) as sent_back:
        assert sent_back.status == 303, await sent_back.text()
        query = parse_qs(urlsplit(sent_back.headers["Location"]).query)
    return {name: query[name][0] for name in ("code", "state")}


@pytest.mark.req("V-12")
@pytest.mark.sec("SEC-41")
async def test_whoever_has_an_account_gets_in_by_e_id_and_is_told(system: RunningSystem, cast: Cast) -> None:
    person, log_ins = cast.citizen, f"{system.gateway_url}/api/auth/v1/e-id/log-ins"
    async with aiohttp.ClientSession() as http:
        async with http.post(log_ins) as answer:
            assert answer.status == 201, await answer.text()
            started = await answer.json()
        back = await _shown_at_the_provider(http, started["authorization_url"], person.citizen_number)
        body = {
            "secret": started["secret"],
            **back,
            "device": {"kind": "desktop", "name": "Máy ở nhà"},
            "replaces_session": True,
        }
        async with http.post(f"{log_ins}/{started['id']}/confirm", json=body) as answer:
            assert answer.status == 201, await answer.text()
            token = (await answer.json())["token"]
        own = f"{system.gateway_url}/api/auth/v1/me/e-id"
        async with http.get(own, headers={"Authorization": f"Bearer {token}"}) as answer:
            assert (answer.status, (await answer.json())["state"]) == (200, "linked")

        async def told() -> bool:
            query = {"to": person.phone_e164, "channel": "sms"}
            async with http.get(f"{system.sandbox_url}/api/messages", params=query) as found:
                return any("dinh danh dien tu" in message["text"] for message in (await found.json())["messages"])

        await eventually(told, 60, says="an SMS about the e-ID")
