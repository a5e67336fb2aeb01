"""The holder sees, names and removes bound devices."""

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.auth.bound_devices import at_bound_device, code_of, entered
from tests.auth.devices import state
from tests.auth.service import TABLET, AuthService, citizen_of


async def devices_of(auth: AuthService, session: HttpAnswer) -> list[dict[str, object]]:
    answer = await auth.client.request("GET", "/v1/me/devices", caller=citizen_of(session))
    return list(answer.json()["devices"])


async def test_the_holder_names_and_removes_devices(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    device = f"/v1/me/devices/{here.key.thumbprint}"
    assert code_of(await here.ask("PUT", f"{device}/name", {"name": "Máy mới"}, signed=False))[0] == 403
    assert (await here.ask("PUT", f"{device}/name", {"name": "Máy mới"})).status == 204
    assert (await here.ask("GET", "/v1/me/devices")).json()["devices"][0]["name"] == "Máy mới"
    assert (await here.ask("PUT", f"/v1/me/devices/{'x' * 43}/name", {"name": "Máy mới"})).status == 404
    assert code_of(await here.ask("DELETE", device, signed=False)) == (403, "device_key_needed")
    assert (await here.ask("DELETE", device)).status == 204
    assert await state(auth, here.token) == "expired"
    assert (await auth.event_types())[-2:] == ["session_revoked", "device_removed"]
    session = await auth.log_in(key=here.key)
    assert await devices_of(auth, session) == []
    assert "Máy mới" not in await auth.everything_stored()


@pytest.mark.sec("SEC-59")
async def test_a_lost_device_is_removed_by_whoever_took_over_with_a_code_and_not_by_a_password_alone(
    auth: AuthService,
) -> None:
    here = await at_bound_device(auth)
    device = f"/v1/me/devices/{here.key.thumbprint}"
    take_over_id = await auth.second_device()
    taken = entered(auth, await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id)))
    assert (await taken.ask("DELETE", f"/v1/me/devices/{'x' * 43}", signed=False)).status == 404
    await auth.client.request("DELETE", "/v1/sessions/current", caller=taken.caller)
    plain = entered(auth, await auth.log_in())
    assert code_of(await plain.ask("DELETE", device, signed=False)) == (403, "stronger_log_in_needed")
    await auth.client.request("DELETE", "/v1/sessions/current", caller=plain.caller)
    await auth.log_in(device=TABLET)
    take_over_id = await auth.second_device()
    taken = entered(auth, await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id)))
    assert (await taken.ask("DELETE", device, signed=False)).status == 204
