"""Feeding participants over HTTP, and the personal page they give."""

import asyncio
from datetime import timedelta
from urllib.parse import quote

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.callers import a_guest, an_officer

from tests.records.feeding import CITIZEN, OFFICER, PROVINCIAL, STRANGER, Office, body


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.req("S-24")
@pytest.mark.req("S-25")
async def test_the_personal_page_shows_who_the_person_is_and_since_when_we_know(office: Office) -> None:
    participant_id = await office.registered()
    await office.declare()

    page = (await office.page()).json()

    assert page["participant_id"] == participant_id
    assert page["social_insurance_number"] == "6600000018"
    assert (page["full_name"], page["birth_date"], page["sex"]) == ("Nguyễn Văn Mẫu", "1990-03-17", "male")
    assert page["papers"] == [{"kind": "citizen_id", "number": "066090000018"}]
    assert (page["phone"], page["address"]) == ("+84900000018", "Số 1, Phố Thử Nghiệm, Tân Lợi, Đắk Lắk")
    first = (await office.service.events())[0]
    assert page["standing"]["full_name"]["event_id"] == first.event_id


async def test_a_correction_holds_from_then_on_and_the_page_as_of_before_says_what_it_said(office: Office) -> None:
    participant_id = await office.registered()
    await office.declare()
    before = office.service.clock.now()
    office.service.clock.advance(timedelta(days=2))
    corrected = {"full_name": "Nguyễn Văn Mẫn", "birth_date": "1990-03-17", "sex": "male"}
    answer = await office.post(f"participants/{participant_id}/identity", corrected, version='"3"')
    assert answer.status == 200

    now, then = (await office.page()).json(), (await office.page(as_of=quote(before.isoformat()))).json()

    assert (now["full_name"], then["full_name"]) == ("Nguyễn Văn Mẫn", "Nguyễn Văn Mẫu")
    assert now["standing"]["full_name"]["since"] > now["standing"]["birth_date"]["since"]
    assert (await office.page(as_of="2020-01-01")).status == 404


@pytest.mark.req("S-56")
@pytest.mark.parametrize("who", ["me", "f" * 32])
async def test_a_guest_reads_no_record(office: Office, who: str) -> None:
    assert (await office.page(who, caller=a_guest())).status == 401


@pytest.mark.req("S-28")
async def test_a_citizen_reads_no_other_record_and_cannot_tell_that_there_is_one(office: Office) -> None:
    await office.registered()
    other = await office.registered(number="6600000026", citizen_number="066090000026")
    await office.declare()

    there, nowhere = await office.page(other), await office.page("f" * 32)

    assert (there.status, nowhere.status) == (404, 404)
    assert there.json()["code"] == nowhere.json()["code"]


async def test_the_same_request_again_is_one_participant(office: Office) -> None:
    key = "k" * 32
    first = await office.post("participants", body(), key=key)
    again = await office.post("participants", body(), key=key)

    assert first.json() == again.json()
    assert await office.service.event_types() == ["participant_registered"]


async def test_of_two_registrations_of_one_number_one_wins(office: Office) -> None:
    answers = await asyncio.gather(*(office.post("participants", body()) for _ in range(6)))

    assert sorted(answer.status for answer in answers) == [201, *[409] * 5]
    assert {answer.json()["code"] for answer in answers if answer.status == 409} == {"number_taken"}
    assert await office.service.event_types() == ["participant_registered"]


async def test_a_taken_number_takes_no_other_number_with_it(office: Office) -> None:
    await office.registered()
    refused = await office.post("participants", body(number="6600000026"))
    assert refused.json()["scope"] == "citizen_number"

    assert await office.registered(number="6600000026", citizen_number="066090000026")


async def test_an_old_card_with_twelve_digits_is_the_same_number_as_the_citizen_card(office: Office) -> None:
    await office.registered()
    content = body(number="6600000026", citizen_number=None)
    content["numbers"]["papers"] = [{"kind": "legacy_id", "number": "066090000018"}]
    assert (await office.post("participants", content)).status == 409


async def test_everything_wrong_with_a_request_is_told_at_once_by_field_and_rule(office: Office) -> None:
    content = body(number="12", full_name="<b>", birth_date="1990-02-31")
    content["numbers"]["papers"] = [{"kind": "passport", "number": "?"}]
    content["contact"] = {"phone": "113", "email": "nobody", "address": "\u202e"}
    answer = await office.post("participants", content | {"agency_code": "1"})

    assert answer.status == 422
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [
        ("identity.full_name", "person_name"),
        ("identity.birth_date", "birth_date"),
        ("numbers.social_insurance_number", "social_insurance_number"),
        ("numbers.papers.0.number", "passport"),
        ("contact.address", "plain_line"),
        ("contact.phone", "mobile_phone"),
        ("contact.email", "email"),
        ("agency_code", "agency_code"),
    ]
    assert all(error["message"]["vi"] and error["way_out"]["en"] for error in answer.json()["errors"])


async def test_nobody_is_born_tomorrow(office: Office) -> None:
    tomorrow = (office.service.clock.now() + timedelta(days=2)).date().isoformat()
    answer = await office.post("participants", body(birth_date=tomorrow))
    assert answer.json()["errors"][0]["rule"] == "birth_date"


@pytest.mark.parametrize("caller", [CITIZEN, a_guest(), an_officer(roles=("auditor",))])
async def test_only_officers_feed(office: Office, caller: Caller) -> None:
    assert (await office.post("participants", body(), caller=caller)).status in {401, 403}
    assert await office.service.events() == []


async def test_another_agencys_officer_finds_and_changes_nothing(office: Office) -> None:
    participant_id = await office.registered()
    corrected = {"full_name": "Nguyễn Văn Khác"}
    answers = [
        await office.post(f"participants/{participant_id}/identity", corrected, caller=STRANGER, version='"1"'),
        await office.post(f"participants/{participant_id}/identity", corrected, caller=STRANGER, version='"9"'),
        await office.post(
            "participants/find", {"kind": "social_insurance_number", "number": "6600000018"}, caller=STRANGER
        ),
    ]
    assert [answer.status for answer in answers] == [404, 404, 404]
    assert len(await office.service.events()) == 1


async def test_a_provincial_office_is_in_charge_of_the_offices_under_it(office: Office) -> None:
    participant_id = await office.registered()
    found = await office.post("participants/find", {"kind": "citizen_id", "number": "066090000018"}, caller=PROVINCIAL)
    assert found.json() == {"participant_id": participant_id}
    answer = await office.post("participants", body("6600000026", None) | {"agency_code": "06602"}, caller=PROVINCIAL)
    assert answer.status == 201
    sideways = await office.post("participants", body("6600000034", None) | {"agency_code": "06602"}, caller=OFFICER)
    assert sideways.status == 403


async def test_a_handed_over_participant_is_the_other_agencys_alone(office: Office) -> None:
    participant_id = await office.registered()
    assert (await office.post(f"participants/{participant_id}/agency", {"agency_code": "07901"})).status == 200

    contact = {"phone": "0900000026"}
    assert (await office.post(f"participants/{participant_id}/contact", contact)).status == 404
    assert (await office.post(f"participants/{participant_id}/contact", contact, caller=STRANGER)).status == 200


async def test_identity_changes_only_on_the_version_the_officer_has_seen(office: Office) -> None:
    participant_id = await office.registered()
    corrected = {"full_name": "Nguyễn Văn Mẫn"}
    path = f"participants/{participant_id}/identity"
    assert (await office.post(path, corrected)).status == 428
    assert (await office.post(path, corrected, version='"7"')).status == 412
    assert (await office.post(path, corrected, version='"1"')).headers["etag"] == '"2"'


async def test_a_mistaken_number_is_free_for_whose_it_is_and_a_former_one_is_not(office: Office) -> None:
    participant_id = await office.registered()
    path = f"participants/{participant_id}/numbers"
    former = {"numbers": {"social_insurance_number": "6600000026"}}
    assert (await office.post(path, former, version='"1"')).status == 200
    assert (await office.post("participants", body(citizen_number=None))).json()["code"] == "number_taken"

    mistaken = {"numbers": {"social_insurance_number": "6600000034"}, "dropped_were_mistaken": True}
    assert (await office.post(path, mistaken, version='"2"')).status == 200
    assert await office.registered(number="6600000026", citizen_number=None) != participant_id
    found = await office.post("participants/find", {"kind": "social_insurance_number", "number": "6600000018"})
    assert found.json() == {"participant_id": participant_id}


async def test_a_late_repetition_does_not_free_a_number_that_is_the_persons_again(office: Office) -> None:
    participant_id = await office.registered(citizen_number=None)
    path, key = f"participants/{participant_id}/numbers", "k" * 32
    other = {"numbers": {"social_insurance_number": "6600000026"}, "dropped_were_mistaken": True}
    back = {"numbers": {"social_insurance_number": "6600000018"}}
    for content, version, once in ((other, '"1"', key), (back, '"2"', None), (other, '"1"', key)):
        assert (await office.post(path, content, version=version, key=once)).status == 200

    assert (await office.post("participants", body(citizen_number=None))).json()["code"] == "number_taken"


async def test_a_taken_number_cannot_be_changed_to(office: Office) -> None:
    await office.registered()
    other = await office.registered(number="6600000026", citizen_number=None)
    refused = await office.post(
        f"participants/{other}/numbers", {"numbers": {"social_insurance_number": "6600000018"}}, version='"1"'
    )
    assert (refused.status, refused.json()["code"]) == (409, "number_taken")


async def test_what_is_as_it_was_makes_no_event(office: Office) -> None:
    participant_id = await office.registered()
    content = body()
    answers = [
        await office.post(f"participants/{participant_id}/identity", content["identity"], version='"1"'),
        await office.post(f"participants/{participant_id}/numbers", {"numbers": content["numbers"]}, version='"1"'),
        await office.post(f"participants/{participant_id}/contact", content["contact"]),
    ]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert len(await office.service.events()) == 1
