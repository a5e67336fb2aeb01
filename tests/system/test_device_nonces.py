"""A client that knows RFC 9449 and nothing of us: it sends a proof without a nonce, and is given one (SES-10)."""

from datetime import UTC, datetime

import aiohttp
import pytest
from devtools.story.cast import Cast

from tests.auth.device_keys import DeviceKey
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow]


@pytest.mark.sec("SES-10")
async def test_a_refused_proof_brings_the_nonce_for_the_next_one_through_the_gateway(
    system: RunningSystem, cast: Cast
) -> None:
    url, key = f"{system.gateway_url}/api/auth/v1/sessions", DeviceKey()
    body = {
        "user_name": cast.citizen.social_insurance_number,
        "password": "không phải mật khẩu này",
        "device": {"kind": "desktop", "name": "Máy thử"},
    }

    def proof(nonce: str | None) -> dict[str, str]:
        claims = {"htu": url, "nonce": nonce}
        return {"DPoP": key.proof("POST", "/v1/sessions", now=datetime.now(UTC), nonce="", claims=claims)}

    async with aiohttp.ClientSession() as http:
        async with http.post(url, json=body, headers=proof(None)) as answer:
            assert (answer.status, (await answer.json())["code"]) == (401, "device_nonce_needed")
            assert answer.headers.getall("WWW-Authenticate") == ['DPoP error="use_dpop_nonce", algs="ES256"']
            nonce = answer.headers["DPoP-Nonce"]
        async with http.post(url, json=body, headers=proof(nonce)) as answer:
            code = (await answer.json())["code"]
            assert code not in ("device_nonce_needed", "device_proof_refused"), "the proof holds; the password is wrong"
            assert "DPoP-Nonce" not in answer.headers
