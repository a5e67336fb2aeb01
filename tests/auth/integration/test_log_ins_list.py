"""The holder sees the own log-ins, and what others tried meanwhile."""

from typing import Any

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.projector import Projector
from ansinh_kit.testing.callers import a_guest, an_officer
from auth.projections.log_ins import LogIns

from tests.auth.service import TABLET, AuthService, citizen_of


async def shown(auth: AuthService, caller: Caller) -> dict[str, Any]:
    projector = Projector(
        store=auth.store, database=auth.database, projection=LogIns(), cipher=PersonalDataCipher(auth.keyring)
    )
    await projector.catch_up(await projector.generations.active_or_first())
    answer = await auth.client.request("GET", "/v1/me/log-ins", caller=caller)
    assert answer.status == 200, answer.body
    return dict(answer.json())


@pytest.mark.sec("SEC-41")
async def test_a_log_in_of_somebody_else_shows_with_what_was_refused_before(auth: AuthService) -> None:
    await auth.active_account()
    await auth.log_in()
    for _ in range(3):
        assert (await auth.log_in(password="sai mật khẩu rồi nhé", address="198.51.100.7")).status == 401
    take_over_id = await auth.second_device(TABLET)
    second = await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id))
    seen = await shown(auth, citizen_of(second))
    newest, first = seen["log_ins"]
    assert (newest["device_kind"], newest["present"], newest["refused_before"]) == ("tablet", True, 3)
    assert (first["device_kind"], first["ended"], first["replaced_by"]) == ("phone", "replaced", "tablet")
    assert seen["refused_since"] == 0


async def test_what_is_refused_while_one_is_in_shows_at_once(auth: AuthService) -> None:
    await auth.active_account()
    caller = citizen_of(await auth.log_in())
    await auth.log_in(password="sai mật khẩu rồi nhé", address="198.51.100.7")
    assert (await shown(auth, caller))["refused_since"] == 1


@pytest.mark.sec("API-05")
@pytest.mark.parametrize(("caller", "status"), [(a_guest(), 401), (an_officer(), 403)])
async def test_only_a_citizen_has_log_ins_here(auth: AuthService, caller: Caller, status: int) -> None:
    assert (await auth.client.request("GET", "/v1/me/log-ins", caller=caller)).status == status
