"""Whoever was told of a change takes it back: once, for good, and with the account locked (V-11)."""

from datetime import timedelta
from typing import Any

import pytest
from ansinh_contracts.auth import SessionRevokedV1
from ansinh_kit.event_store.commit_log import AppendOutcome, NewCommit
from auth.messaging.objectionable import with_objection_codes
from auth.messaging.publishing import to_contract
from auth.storage.objections import ObjectionDocuments

from tests.auth.contacts import NEW_PHONE, NEW_PHONE_STORED, Changing
from tests.auth.service import PHONE, AuthService, at_once


class KilledError(Exception):
    """The process ended here."""


@pytest.fixture
async def changing(auth: AuthService) -> Changing:
    changing = await Changing.begin(auth)
    await changing.changed(NEW_PHONE, NEW_PHONE_STORED, PHONE)
    return changing


async def status(auth: AuthService) -> str:
    entry = await auth.use_cases.sessions._access.find(await auth.account_id())
    assert entry is not None
    return entry.access.status


@pytest.mark.req("V-11")
@pytest.mark.sec("SEC-41")
async def test_an_objection_restores_the_contact_and_locks_the_account(changing: Changing) -> None:
    (told,) = await changing.told()
    assert told.earlier == PHONE
    await changing.log_in()
    assert (await changing.object_with(told.objection_code)).json() == {"account": "locked"}
    assert await changing.contacts() == {"phone": PHONE}
    assert await status(changing.auth) == "locked"
    assert (await changing.auth.verdict(changing.token))["state"] == "expired"
    assert (await changing.auth.log_in()).status == 401
    undone = (await changing.told())[-1]
    assert (undone.taken_back, undone.earlier, undone.objection_code) == (True, NEW_PHONE_STORED, None)


async def test_a_code_is_read_however_it_is_typed(changing: Changing) -> None:
    (told,) = await changing.told()
    assert told.objection_code is not None
    typed = told.objection_code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert (await changing.object_with(typed)).status == 200


@pytest.mark.sec("I7")
async def test_an_objection_counts_once(changing: Changing) -> None:
    (told,) = await changing.told()
    answers = await at_once(*(changing.object_with(told.objection_code) for _ in range(4)))
    assert 200 in {answer.status for answer in answers}
    assert (await changing.object_with(told.objection_code)).json()["code"] == "code_refused"
    types = await changing.auth.event_types()
    assert (types.count("contact_change_taken_back"), types.count("account_locked")) == (1, 1)


@pytest.mark.sec("LIM-21")
async def test_after_two_weeks_nobody_objects_any_more(changing: Changing) -> None:
    (told,) = await changing.told()
    changing.auth.clock.advance(timedelta(days=14))
    assert (await changing.object_with(told.objection_code)).status == 409
    assert await status(changing.auth) == "active"


async def test_a_thief_cannot_object_to_the_change_that_undid_the_theft(changing: Changing) -> None:
    await changing.log_in()
    await changing.changed("0355555555", "+84355555555", NEW_PHONE_STORED)
    first, second = await changing.told()
    assert (await changing.object_with(first.objection_code)).status == 200
    assert (await changing.object_with(second.objection_code)).status == 409
    assert await changing.contacts() == {"phone": PHONE}


@pytest.mark.sec("SEC-49")
async def test_guessing_codes_is_slowed_down(changing: Changing) -> None:
    answers = [await changing.object_with("7K3M-Q9TX-2HBD-V") for _ in range(11)]
    assert [answer.status for answer in answers] == [409] * 10 + [429]


@pytest.mark.sec("F-02")
@pytest.mark.sec("SEC-04")
@pytest.mark.parametrize("step", ["append_before", "append_after", "use"])
async def test_an_objection_killed_at_any_step_is_finished_by_the_same_code(
    changing: Changing, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    auth = changing.auth
    (told,) = await changing.told()
    append = auth.log.append

    async def dying(commit: NewCommit) -> AppendOutcome:
        if commit.stream_id.startswith("access-"):
            return await append(commit)
        if step == "append_after":
            await append(commit)
        raise KilledError

    async def killed(*_args: Any, **_facts: Any) -> None:  # noqa: ANN401 - stands in for any call
        raise KilledError

    with monkeypatch.context() as patched:
        if step == "use":
            patched.setattr(ObjectionDocuments, "use", killed)
        else:
            patched.setattr(auth.log, "append", dying)
        assert (await changing.object_with(told.objection_code)).status == 500
    assert await status(auth) == "locked"
    await changing.object_with(told.objection_code)
    assert await changing.contacts() == {"phone": PHONE}
    assert (await auth.event_types()).count("contact_change_taken_back") == 1


@pytest.mark.sec("F-02")
@pytest.mark.sec("SEC-04")
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_change_killed_at_its_commit_is_there_or_not_and_never_with_the_session(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    changing = await Changing.begin(auth)
    change_id = await changing.started()
    new, present = await changing.code_to(NEW_PHONE_STORED), await changing.code_to(PHONE)
    append = auth.log.append

    async def dying(commit: NewCommit) -> AppendOutcome:
        if commit.stream_id.startswith("account-"):
            if moment == "after":
                await append(commit)
            raise KilledError
        return await append(commit)

    with monkeypatch.context() as patched:
        patched.setattr(auth.log, "append", dying)
        assert (await changing.confirm(change_id, new, present)).status == 500
    assert (await auth.verdict(changing.token))["state"] == "expired"
    assert await changing.contacts() == {"phone": NEW_PHONE_STORED if moment == "after" else PHONE}
    assert (await changing.confirm(change_id, new, present)).status in (404, 409), "the codes are spent"
    await changing.log_in()


@pytest.mark.req("S-51")
@pytest.mark.sec("SES-11")
@pytest.mark.sec("SEC-41")
async def test_whoever_is_told_of_a_take_over_can_lock_the_account_once(auth: AuthService) -> None:
    changing = await Changing.begin(auth)
    take_over_id = await auth.second_device()
    second = await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id))
    tell = with_objection_codes(to_contract, auth.use_cases.objection_codes)
    told = [contract for recorded in await auth.events() if isinstance(contract := tell(recorded), SessionRevokedV1)]
    assert told[-1].objection_code is not None
    assert (await changing.object_with(told[-1].objection_code)).status == 200
    assert await status(auth) == "locked"
    assert (await auth.verdict(second.json()["token"]))["state"] == "expired"
    assert (await changing.object_with(told[-1].objection_code)).status == 409
    assert await changing.contacts() == {"phone": PHONE}
    assert told[-1].objection_code.replace("-", "") not in await auth.everything_stored()
