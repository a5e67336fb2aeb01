"""Two records of one person become one: whole, whatever dies in between, and whatever comes in meanwhile."""

import asyncio
from typing import Literal

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_citizen
from records.domain.participant.events import MergeAbandoned, MergeBegun
from records.handlers.merging import carry_on_open_merges

from tests.records import people
from tests.records.feeding import OFFICER, STRANGER, Office, declared

SECOND_NUMBER = "6600000026"


@pytest.fixture
def office() -> Office:
    return Office()


async def two_records(office: Office) -> tuple[str, str]:
    """Return the survivor, and the duplicate that the citizen's account reads."""
    survivor = await office.registered()
    duplicate = await office.registered(number=SECOND_NUMBER, citizen_number="066090000026")
    await office.declare(participant=declared(social_insurance_number=SECOND_NUMBER, identity_number="066090000026"))
    assert (await office.page()).json()["participant_id"] == duplicate
    return survivor, duplicate


async def merge(office: Office, survivor: str, duplicate: str, *, key: str | None = None) -> HttpAnswer:
    return await office.post(f"participants/{survivor}/merge", {"duplicate_id": duplicate}, key=key)


async def carry_on(office: Office) -> None:
    await carry_on_open_merges(office.service.read_models.open_merges, office.service.use_cases.merging)


async def test_the_account_of_the_duplicate_reads_the_survivor(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    merged = await merge(office, survivor, duplicate)
    assert (merged.status, merged.json()) == (200, {"participant_id": survivor})

    page = (await office.page()).json()
    assert (page["participant_id"], page["social_insurance_number"]) == (survivor, "6600000018")
    assert page["former_numbers"]["social_insurance_number"] == SECOND_NUMBER


async def test_the_same_request_again_and_the_same_merge_again_change_nothing(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    key = "k" * 32
    first = await merge(office, survivor, duplicate, key=key)
    events = len(await office.service.events())

    again, anew = await merge(office, survivor, duplicate, key=key), await merge(office, survivor, duplicate)

    assert again.json() == first.json()
    assert (anew.status, anew.json()["code"]) == (409, "same_participant")
    assert len(await office.service.events()) == events
    assert (await office.page()).status == 200


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("append", range(1, 12))
async def test_a_merge_killed_between_any_two_steps_is_carried_on(
    office: Office, moment: Literal["before", "after"], append: int
) -> None:
    survivor, duplicate = await two_records(office)
    office.service.log.die(moment, append=append)
    await merge(office, survivor, duplicate)
    await carry_on(office)
    await merge(office, survivor, duplicate)

    types = await office.service.event_types()
    for once in ("merge_begun", "participant_merged", "duplicate_taken_over"):
        assert types.count(once) == 1
    assert (await office.page()).json()["participant_id"] == survivor
    assert await office.service.read_models.open_merges.count({}) == 0


async def test_two_processes_that_carry_on_one_merge_do_it_once(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    office.service.log.die("after", append=1)
    await merge(office, survivor, duplicate)
    await asyncio.gather(*(carry_on(office) for _ in range(5)))

    types = await office.service.event_types()
    assert (types.count("participant_merged"), types.count("duplicate_taken_over")) == (1, 1)


async def test_what_was_meant_for_the_duplicate_reaches_the_survivor(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    await merge(office, survivor, duplicate)

    changed = await office.post(f"participants/{duplicate}/contact", {"phone": "0900000034"})
    assert changed.json() == {"participant_id": survivor}
    assert (await office.page()).json()["phone"] == "+84900000034"
    found = await office.post("participants/find", {"kind": "social_insurance_number", "number": SECOND_NUMBER})
    assert found.json() == {"participant_id": survivor}
    taken = await office.post(
        "participants",
        {
            "identity": {"full_name": "Lê Văn Khác"},
            "numbers": {"social_insurance_number": SECOND_NUMBER},
        },
    )
    assert taken.json()["code"] == "number_taken"


async def test_commands_that_come_in_during_a_merge_are_lost_nowhere(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    earlier = len(await office.service.events())
    phones = [f"09000000{number:02d}" for number in range(20)]
    content = [{"phone": phone} for phone in phones]
    sent = (office.post(f"participants/{duplicate}/contact", each) for each in content)
    _, *answers = await asyncio.gather(merge(office, survivor, duplicate), *sent)

    events = [recorded.event.event_type for recorded in (await office.service.events())[earlier:]]
    accepted = [answer for answer in answers if answer.status == 200]
    assert events.count("contact_changed") == len(accepted)
    assert events.count("duplicate_taken_over") == 1
    assert all(answer.status in {200, 409} for answer in answers)


async def test_two_records_merged_into_each_other_at_once_do_not_both_end(office: Office) -> None:
    one, other = await two_records(office)
    await asyncio.gather(merge(office, one, other), merge(office, other, one))
    await carry_on(office)

    states = [(await office.service.use_cases.participants.load(each)).state for each in (one, other)]
    assert [state.status for state in states].count("merged") <= 1
    assert all(not state.absorbing for state in states)


async def test_a_record_that_takes_another_over_is_not_merged_away_and_the_refused_merge_is_given_up(
    office: Office,
) -> None:
    survivor, duplicate = await two_records(office)
    third = await office.registered(number="6600000034", citizen_number=None)
    office.service.log.die("after", append=1)
    await merge(office, duplicate, third)

    refused = await merge(office, survivor, duplicate)

    assert (refused.status, refused.json()["code"]) == (409, "merge_under_way")
    events = [recorded.event for recorded in await office.service.events()]
    begun = [event.merge_id for event in events if isinstance(event, MergeBegun) and event.participant_id == survivor]
    assert begun == [event.merge_id for event in events if isinstance(event, MergeAbandoned)]
    await carry_on(office)
    assert (await merge(office, survivor, duplicate)).status == 200


async def test_a_merge_that_was_given_up_does_not_go_on_later(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    third = await office.registered(number="6600000034", citizen_number=None)
    office.service.log.die("after", append=1)
    await merge(office, duplicate, third)
    key = "k" * 32
    await merge(office, survivor, duplicate, key=key)
    await carry_on(office)

    again = await merge(office, survivor, duplicate, key=key)

    assert (again.status, again.json()["code"]) == (409, "merge_under_way")
    assert (await office.service.use_cases.participants.load(duplicate)).state.status == "active"


async def test_a_merge_is_not_given_up_after_a_rival_has_closed_the_duplicate(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    third = await office.registered(number="6600000034", citizen_number=None)
    office.service.log.die("after", append=1)
    await merge(office, duplicate, third)
    # Just when the first one is about to give up: the third record has arrived, so a rival can close the duplicate.
    office.service.log.before_bar = lambda: carry_on(office)
    await merge(office, survivor, duplicate)
    await carry_on(office)
    await carry_on(office)

    types = await office.service.event_types()
    assert "merge_abandoned" not in types
    assert types.count("duplicate_taken_over") == 2
    assert (await office.page()).json()["participant_id"] == survivor


@pytest.mark.parametrize("caller", [STRANGER])
async def test_nobody_merges_another_agencys_record(office: Office, caller: Caller) -> None:
    survivor, duplicate = await two_records(office)
    theirs = await office.registered(caller=STRANGER, number="6600000034", citizen_number=None)
    for into, of in ((survivor, duplicate), (theirs, duplicate), (survivor, theirs)):
        answer = await office.post(f"participants/{into}/merge", {"duplicate_id": of}, caller=caller)
        assert answer.status == 404
    assert (await office.post(f"participants/{survivor}/merge", {"duplicate_id": theirs}, caller=OFFICER)).status == 404


async def test_a_child_whose_guardian_was_merged_is_still_in_charge(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    child = await office.registered(number="6600000034", citizen_number=None, birth_date="2020")
    content = {"guardian_id": duplicate, "relation": "mother"}
    await office.post(f"participants/{child}/guardians", content)
    await merge(office, survivor, duplicate)

    assert (await office.page(child)).status == 200


async def test_a_childs_guardian_stays_in_charge_when_the_childs_records_are_merged(office: Office) -> None:
    parent, _ = await two_records(office)
    survivor = await office.registered(number="6600000034", citizen_number=None, birth_date="2020")
    duplicate = await office.registered(number="6600000042", citizen_number=None, birth_date="2020")
    await office.post(f"participants/{duplicate}/guardians", {"guardian_id": parent, "relation": "mother"})
    await merge(office, survivor, duplicate)

    guardian = a_citizen(person_id="e" * 32)
    await office.declare(person_id="e" * 32, declaration_id="f" * 32)
    assert (await office.page(survivor, caller=guardian)).status == 200


async def test_an_account_of_the_duplicate_can_be_ended_at_the_survivor(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    await merge(office, survivor, duplicate)

    ended = await office.post(f"participants/{survivor}/links/{people.PERSON}/end", None)

    assert ended.status == 200
    assert (await office.page()).json()["code"] == "no_record_linked"


async def test_an_account_that_waited_for_the_duplicate_waits_for_the_survivor(office: Office) -> None:
    survivor = await office.registered()
    duplicate = await office.registered(number=SECOND_NUMBER, citizen_number=None)
    await office.declare(participant=declared(social_insurance_number=SECOND_NUMBER, identity_number="066090000042"))
    assert (await office.page()).json()["code"] == "link_held"
    await merge(office, survivor, duplicate)

    assert (await office.page()).json()["code"] == "link_held"
    confirmed = await office.post(f"participants/{duplicate}/links/{people.PERSON}/confirm", None)
    assert confirmed.json() == {"participant_id": survivor}
    assert (await office.page()).json()["participant_id"] == survivor


async def test_a_merge_that_fails_does_not_hold_up_the_others(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    one = await office.registered(number="6600000034", citizen_number=None)
    other = await office.registered(number="6600000042", citizen_number=None)
    for into, of in ((survivor, duplicate), (one, other)):
        office.service.log.die("after", append=1)
        await merge(office, into, of)
    office.service.log.die("before", append=1)
    await carry_on(office)

    assert (await office.service.use_cases.participants.load(other)).state.merged_into == one
