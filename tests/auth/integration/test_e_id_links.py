"""Linking and unlinking an e-ID inside a session: who may, who is told, and that one e-ID is one account's."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from ansinh_contracts.auth import EIdLinkedV1, EIdUnlinkedV1
from ansinh_kit.mongo import Database
from ansinh_kit.testing.callers import an_officer
from auth.messaging.objectionable import with_objection_codes
from auth.messaging.publishing import to_contract

from tests.auth.bound_devices import AtDevice, at_bound_device, at_device
from tests.auth.e_id import LINKS, OTHER_NUMBER, OWN, REFUSED, WithEId, code_of, with_e_id
from tests.auth.integration.test_kills import killable
from tests.auth.integration.test_re_indexing import NEW, OLD, Rotated
from tests.auth.service import at_once


@pytest.fixture
async def e_id(database: Database) -> AsyncIterator[WithEId]:
    async with with_e_id(database) as whole:
        yield whole


async def standing(here: AtDevice) -> str:
    answer = await here.ask("GET", OWN, signed=False)
    return str(answer.json()["state"])


@pytest.mark.req("V-12")
@pytest.mark.sec("SEC-41")
async def test_whoever_unlinked_gets_in_by_e_id_only_after_linking_again(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    here = await e_id.entered()
    assert await standing(here) == "linked"
    assert (await here.ask("DELETE", OWN, signed=False)).status == 204
    assert (await here.ask("DELETE", OWN, signed=False)).status == 204
    assert await standing(here) == "switched_off"
    assert code_of(await e_id.log_in(replaces_session=True)) == REFUSED
    assert (await e_id.link(here)).status == 204
    assert await standing(here) == "linked"
    assert (await e_id.log_in(replaces_session=True)).status == 201
    types = await e_id.auth.event_types()
    assert [kind for kind in types if kind.startswith("e_id")] == ["e_id_linked", "e_id_unlinked", "e_id_linked"]


@pytest.mark.sec("SEC-41")
async def test_the_others_are_told_with_a_code_to_object_by_which_the_account_is_locked(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    here = await e_id.entered()
    await here.ask("DELETE", OWN, signed=False)
    told = with_objection_codes(to_contract, e_id.auth.use_cases.objection_codes)
    contracts = [told(recorded) for recorded in await e_id.auth.events()]
    linked, unlinked = (one for one in contracts if isinstance(one, EIdLinkedV1 | EIdUnlinkedV1))
    for one in (linked, unlinked):
        assert one.contact is not None
        assert one.objection_code is not None
    answer = await e_id.auth.post("/v1/objections", {"code": linked.objection_code})
    assert (answer.status, answer.json()) == (200, {"account": "locked"})
    assert (await e_id.auth.log_in()).status == 401


@pytest.mark.sec("SEC-59")
async def test_a_session_s_token_alone_links_and_unlinks_nothing(e_id: WithEId) -> None:
    plain = await at_device(e_id.auth)
    for method, path in (("POST", LINKS), ("DELETE", OWN)):
        assert code_of(await plain.ask(method, path, signed=False)) == (403, "stronger_log_in_needed")
    await plain.bind()
    for method, path in (("POST", LINKS), ("DELETE", OWN)):
        assert code_of(await plain.ask(method, path, signed=False)) == (403, "device_key_needed")
    assert (await plain.ask("POST", LINKS)).status == 201
    assert (await e_id.auth.post(LINKS)).status == 401


@pytest.mark.sec("SEC-59")
async def test_who_came_in_by_e_id_may_change_it_for_a_quarter_of_an_hour(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    here = await e_id.entered()
    e_id.auth.clock.advance(timedelta(minutes=15))
    assert code_of(await here.ask("DELETE", OWN, signed=False)) == (403, "stronger_log_in_needed")


@pytest.mark.req("V-12")
async def test_another_person_s_e_id_is_not_linked(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    here = await e_id.entered()
    await here.ask("DELETE", OWN, signed=False)
    assert code_of(await e_id.link(here, OTHER_NUMBER)) == (409, "citizen_number_differs")
    assert await standing(here) == "switched_off"


@pytest.mark.req("V-12")
async def test_a_second_e_id_is_not_linked_beside_the_first(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    here = await e_id.entered()
    assert (await e_id.link(here)).status == 204
    e_id.there.misbehave("other_subject")
    assert code_of(await e_id.link(here)) == (409, "other_e_id_linked")


@pytest.mark.sec("I5")
async def test_an_e_id_that_is_another_account_s_is_refused_before_and_after_index_keys_rotate(
    e_id: WithEId, database: Database
) -> None:
    """Two accounts of one e-ID take a provider that changes a citizen number; uniqueness does not rest on that."""
    account_id = await e_id.auth.active_account()
    await e_id.entered()
    identities = e_id.auth.use_cases.e_id.log_in._identities
    issuer = e_id.there.provider.issuer
    (linked,) = [recorded.event for recorded in await e_id.auth.events() if recorded.event.event_type == "e_id_linked"]
    key = identities.of_e_id(issuer, linked.model_dump()["subject"])
    assert await identities.find_account(key) == account_id
    both, only_new = Rotated(e_id.auth, database, NEW, OLD), Rotated(e_id.auth, database, NEW)
    await both.re_index()
    new = only_new.identities.of_e_id(issuer, linked.model_dump()["subject"])
    assert await only_new.identities.find_account(new) == account_id


@pytest.mark.sec("OTC-03")
@pytest.mark.sec("SEC-02")
async def test_a_round_serves_the_session_and_the_purpose_it_was_begun_for(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    here = await e_id.entered()
    linking = (await here.ask("POST", LINKS, signed=False)).json()
    back = await e_id.returned(linking)
    assert code_of(await e_id.confirm(linking, back, replaces_session=True)) == REFUSED
    logging_in = await e_id.start()
    other = await e_id.returned(logging_in)
    assert code_of(await here.ask("POST", f"{LINKS}/{logging_in['id']}/confirm", other, signed=False)) == REFUSED
    later = await e_id.entered(replaces_session=True)
    assert code_of(await later.ask("POST", f"{LINKS}/{linking['id']}/confirm", back, signed=False)) == REFUSED


@pytest.mark.sec("F-35")
async def test_linked_and_unlinked_at_once_either_stands_whole(e_id: WithEId) -> None:
    here = await at_bound_device(e_id.auth)
    started = (await here.ask("POST", LINKS)).json()
    body = await e_id.returned(started)
    path = f"{LINKS}/{started['id']}/confirm"
    answers = await at_once(here.ask("POST", path, body), *(here.ask("DELETE", OWN) for _ in range(3)))
    assert {answer.status for answer in answers} == {204}
    state = await e_id.auth.use_cases.e_id.own.show(await e_id.auth.account_id())
    identities = e_id.auth.use_cases.e_id.log_in._identities
    (linked,) = [one.event for one in await e_id.auth.events() if one.event.event_type == "e_id_linked"]
    key = identities.of_e_id(e_id.there.provider.issuer, linked.model_dump()["subject"])
    if state.state == "linked":
        assert await identities.find_account(key) == await e_id.auth.account_id()
    assert code_of(await e_id.log_in()) == ((409, "session_exists") if state.state == "linked" else REFUSED)


@pytest.mark.sec("F-02")
@pytest.mark.parametrize("where", ["before", "after"])
async def test_a_first_log_in_killed_around_its_link_is_made_good_by_the_next_one(e_id: WithEId, where: str) -> None:
    await e_id.auth.active_account()
    setattr(killable(e_id.auth), where, 1)
    assert (await e_id.log_in()).status == 500
    assert (await e_id.log_in()).status == 201
    assert (await e_id.auth.event_types()).count("e_id_linked") == 1


@pytest.mark.sec("API-05")
async def test_staff_have_no_e_id_here(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    for method, path in (("POST", LINKS), ("GET", OWN), ("DELETE", OWN)):
        answer = await e_id.auth.client.request(method, path, caller=an_officer())
        assert answer.status == 403
