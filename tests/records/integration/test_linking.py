"""A valid declaration comes: whose record its account reads, and when an officer has to look first."""

from typing import Any, Literal

import pytest
from ansinh_contracts.auth import AccountContact, ContactChangedV1
from ansinh_contracts.registration import DeclarationValidV1
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.assertion import Caller
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.testing.callers import a_citizen
from records.domain.participant.events import ContactDeclared

from tests.records import people
from tests.records.feeding import CITIZEN, PROVINCIAL, STRANGER, Office, declared

SECOND = a_citizen(person_id="e" * 32)


@pytest.fixture
def office() -> Office:
    return Office()


async def held_links(office: Office, caller: Caller) -> dict[str, Any]:
    answer = await office.service.ask("GET", "/v1/staff/links", caller=caller)
    found: dict[str, Any] = answer.json()
    return found


async def test_an_account_without_a_valid_declaration_has_no_record(office: Office) -> None:
    await office.registered()
    answer = await office.page()
    assert (answer.status, answer.json()["code"]) == (404, "no_record_linked")


async def test_a_record_is_begun_for_somebody_nobody_knew(office: Office) -> None:
    await office.declare()
    page = (await office.page()).json()
    assert (page["full_name"], page["social_insurance_number"]) == ("Nguyễn Văn Mẫu", "6600000018")
    assert page["agency_code"] == people.AGENCY
    assert await office.service.event_types() == ["participant_registered", "account_linked"]


async def test_the_same_declaration_twice_changes_nothing(office: Office) -> None:
    await office.declare()
    await office.declare()
    assert await office.service.event_types() == ["participant_registered", "account_linked"]


@pytest.mark.sec("PII-06")
async def test_a_declaration_that_comes_after_its_person_was_forgotten_begins_no_record(office: Office) -> None:
    await office.service.keyring.forget(people.PERSON)
    await office.declare()
    assert await office.service.event_types() == []


@pytest.mark.parametrize("append", [1, 2])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_reaction_killed_at_any_step_is_finished_by_the_next_delivery(
    office: Office, moment: Literal["before", "after"], append: int
) -> None:
    office.service.log.die(moment, append=append)
    with pytest.raises(UnavailableError):
        await office.declare()
    await office.declare()

    assert await office.service.event_types() == ["participant_registered", "account_linked"]


async def test_a_known_person_is_linked_and_not_begun_again(office: Office) -> None:
    participant_id = await office.registered()
    await office.declare()
    assert (await office.page()).json()["participant_id"] == participant_id


@pytest.mark.parametrize(
    "differs",
    [
        {"full_name": "Trần Văn Khác"},
        {"identity_number": "066090000099"},
        {"social_insurance_number": "6600000099"},
    ],
)
async def test_whoever_names_anothers_number_sees_nothing_until_an_officer_has_compared(
    office: Office, differs: dict[str, str]
) -> None:
    participant_id = await office.registered()
    await office.declare(participant=declared(**differs))

    refused = await office.page()
    assert (refused.status, refused.json()["code"]) == (409, "link_held")
    assert "Nguyễn Văn Mẫu" not in refused.body.decode()

    path = f"participants/{participant_id}/links/{people.PERSON}"
    assert (await office.post(f"{path}/confirm", None, caller=STRANGER)).status == 404
    assert (await office.post(f"{path}/confirm", None)).status == 200
    assert (await office.page()).status == 200


ADDRESS = {
    "layout": "with_districts",
    "province_code": "66",
    "district_code": "643",
    "ward_code": "24136",
    "line": "Số 2, Phố Thử Nghiệm, Phường Tân Lợi, Thành phố Buôn Ma Thuột, Đắk Lắk",
}
REACHED = {"email": "mau@example.com", "address": ADDRESS}


@pytest.mark.req("S-24")
@pytest.mark.req("S-85")
@pytest.mark.parametrize("known", [True, False])
async def test_the_page_says_how_the_declaration_reaches_the_person_known_before_or_not(
    office: Office,
    known: bool,  # noqa: FBT001
) -> None:
    if known:
        await office.registered()
    await office.declare(participant=declared(**REACHED))

    page = (await office.page()).json()
    assert (page["phone"], page["email"], page["language"]) == ("+84900000018", "mau@example.com", "vi")
    assert (page["address"], page["place"]["ward_code"]) == (ADDRESS["line"], "24136")


async def test_what_a_held_declaration_says_is_nobodys_contact_until_the_link_is_confirmed(office: Office) -> None:
    participant_id = await office.registered(full_name="Lê Văn Khác")
    await office.declare(participant=declared(**REACHED))
    state = (await office.service.use_cases.participants.load(participant_id)).state
    assert state.contact is not None
    assert state.contact.email is None

    assert (await office.post(f"participants/{participant_id}/links/{people.PERSON}/confirm", None)).status == 200
    assert (await office.page()).json()["email"] == "mau@example.com"


@pytest.mark.sec("PII-06")
async def test_what_a_refused_declaration_said_about_reaching_a_stranger_can_be_read_no_more(office: Office) -> None:
    participant_id = await office.registered(full_name="Lê Văn Khác")
    await office.declare(participant=declared(**REACHED))
    await office.post(f"participants/{participant_id}/links/{people.PERSON}/refuse", None)

    said = [one.event for one in await office.service.events() if isinstance(one.event, ContactDeclared)]
    assert [(event.person_id, event.contact) for event in said] == [(people.PERSON, None)]


async def test_numbers_of_two_people_are_held_with_the_one_of_the_insurance_number(office: Office) -> None:
    first = await office.registered()
    await office.registered(number="6600000026", citizen_number="066090000026")
    await office.declare(participant=declared(identity_number="066090000026"))

    [link] = (await held_links(office, PROVINCIAL))["links"]
    assert (link["participant_id"], link["mismatches"]) == (first, ["identity_number"])


async def test_a_paper_of_somebody_else_is_told_from_one_that_nobody_has(office: Office) -> None:
    await office.registered(citizen_number=None)
    await office.registered(number="6600000026", citizen_number="066090000018")
    await office.declare()

    [link] = (await held_links(office, PROVINCIAL))["links"]
    assert link["mismatches"] == ["identity_number"]


async def test_a_second_account_of_one_person_waits(office: Office) -> None:
    await office.declare()
    await office.declare(person_id="e" * 32, declaration_id="f" * 32)

    assert (await office.page()).status == 200
    assert (await office.page(caller=SECOND)).json()["code"] == "link_held"


async def test_the_own_agency_sees_what_waits_and_no_other(office: Office) -> None:
    await office.registered(full_name="Lê Văn Khác")
    await office.declare()

    for caller, expected in ((PROVINCIAL, 1), (STRANGER, 0)):
        waiting = await held_links(office, caller)
        assert (waiting["total"], len(waiting["links"])) == (expected, expected)


async def test_a_refused_account_is_told_so_and_stays_out(office: Office) -> None:
    participant_id = await office.registered(full_name="Lê Văn Khác")
    await office.declare()
    assert (await office.post(f"participants/{participant_id}/links/{people.PERSON}/refuse", None)).status == 200

    answer = await office.page()
    assert (answer.status, answer.json()["code"]) == (403, "link_refused")
    assert (await held_links(office, PROVINCIAL))["total"] == 0
    again = await office.post(f"participants/{participant_id}/links/{people.PERSON}/confirm", None)
    assert again.json()["code"] == "link_not_held"


async def test_an_ended_link_reads_nothing_more(office: Office) -> None:
    participant_id = await office.registered()
    await office.declare()
    assert (await office.post(f"participants/{participant_id}/links/{people.PERSON}/end", None)).status == 200
    assert (await office.page()).json()["code"] == "no_record_linked"


@pytest.mark.sec("API-01")
async def test_an_account_is_not_said_to_be_shut_out_before_it_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    participant_id = await office.registered()
    await office.declare()
    asked_for: list[int] = []

    async def behind(position: int, *, timeout_seconds: float) -> None:
        asked_for.append(position)
        raise UnavailableError(f"account_links: not there within {timeout_seconds}")

    path, key = f"participants/{participant_id}/links/{people.PERSON}/end", "k" * 32
    with monkeypatch.context() as while_it_is_behind:
        while_it_is_behind.setattr(office.service.read_models.account_links, "wait_for", behind)
        answers = [await office.post(path, None, key=key) for _ in range(2)]
    assert [answer.status for answer in answers] == [503, 503]
    assert asked_for == [(await office.service.events())[-1].position] * 2
    assert (await office.post(path, None, key=key)).status == 200


async def test_a_number_whose_registration_is_on_its_way_is_waited_for(office: Office) -> None:
    numbers = office.service.use_cases.registering._numbers
    async with numbers.held(people.numbers(), participant_id="9" * 32, commit_id="on its way"):
        with pytest.raises(UnavailableError):
            await office.declare()
    assert await office.service.events() == []


async def test_an_event_without_its_sealed_part_is_parked(office: Office) -> None:
    now = office.service.clock.now()
    event = DeclarationValidV1(
        declaration_id="d" * 32,
        person_id=people.PERSON,
        dossier_number="00018/2026/06601",
        agency_code=people.AGENCY,
        occurred_at=now,
        language="vi",
    )
    incoming = IncomingEvent(event, "e1", "s", 1, 1, now, "story", None)
    with pytest.raises(PermanentError):
        await office.service.use_cases.linking.declaration_valid(incoming)


class TestGuardians:
    async def family(self, office: Office) -> tuple[str, str]:
        """Return a parent, whom the citizen's account reads, and a child."""
        parent = await office.registered()
        await office.declare()
        child = await office.registered(
            number="6600000034", citizen_number=None, full_name="Nguyễn Bé Mẫu", birth_date="2020"
        )
        return parent, child

    async def appoint(self, office: Office, child: str, parent: str) -> None:
        content = {"guardian_id": parent, "relation": "father"}
        assert (await office.post(f"participants/{child}/guardians", content)).status == 200

    async def test_a_guardian_reads_the_childs_record_and_nobody_elses(self, office: Office) -> None:
        parent, child = await self.family(office)
        assert (await office.page(child)).status == 404
        await self.appoint(office, child, parent)

        assert (await office.page(child)).json()["full_name"] == "Nguyễn Bé Mẫu"
        assert (await office.page()).json()["participant_id"] == parent
        stranger = a_citizen(person_id="9" * 32)
        assert (await office.page(child, caller=stranger)).status == 404

    async def test_a_guardian_whose_charge_has_ended_reads_nothing(self, office: Office) -> None:
        parent, child = await self.family(office)
        await self.appoint(office, child, parent)
        assert (await office.post(f"participants/{child}/guardians/{parent}/end", None)).status == 200
        assert (await office.page(child)).status == 404

    async def test_on_the_day_of_majority_the_record_is_the_childs_own(self, office: Office) -> None:
        parent, child = await self.family(office)
        await self.appoint(office, child, parent)
        grown_up = office.service.clock.now().replace(year=2039)
        office.service.clock.advance(grown_up - office.service.clock.now())
        assert (await office.page(child)).status == 404

    async def test_a_guardian_must_be_a_participant(self, office: Office) -> None:
        _, child = await self.family(office)
        answer = await office.post(f"participants/{child}/guardians", {"guardian_id": "f" * 32, "relation": "mother"})
        assert answer.status == 404

    async def test_a_citizen_reads_the_own_record_by_its_id_too(self, office: Office) -> None:
        parent, _ = await self.family(office)
        assert (await office.page(parent, caller=CITIZEN)).status == 200


async def account_contact_changed(office: Office, event_id: str = "changed-1", **changes: object) -> None:
    facts: dict[str, object] = {
        "account_id": "a" * 32,
        "person_id": CITIZEN.person_id,
        "occurred_at": people.AT,
        "change_id": "c" * 32,
        "slot": "phone",
        "taken_back": False,
        "language": "vi",
        "contact": AccountContact(full_name="Nguyễn Văn Mẫu", phone="+84900000026", email="moi@example.vn"),
    }
    event = ContactChangedV1.model_validate(facts | changes)
    await office.service.use_cases.following.contact_changed(
        IncomingEvent(
            event=event,
            event_id=event_id,
            stream_id="account",
            stream_version=2,
            position=2,
            occurred_at=people.AT,
            correlation_id="story",
            causation_id=None,
        )
    )


@pytest.mark.req("V-11")
@pytest.mark.sec("F-22")
async def test_a_contact_changed_in_the_account_is_the_records_contact_too_once(office: Office) -> None:
    await office.declare()
    before = (await office.page()).json()
    for _ in range(2):
        await account_contact_changed(office)
    page = (await office.page()).json()
    assert (page["phone"], page["email"]) == ("+84900000026", "moi@example.vn")
    assert page["address"] == before["address"]
    assert (await office.service.event_types()).count("contact_changed") == 1


async def test_an_account_that_reads_no_record_changes_none(office: Office) -> None:
    await office.declare()
    await account_contact_changed(office, person_id="f" * 32)
    assert "contact_changed" not in await office.service.event_types()


async def test_a_change_without_its_sealed_contact_is_parked(office: Office) -> None:
    await office.declare()
    with pytest.raises(PermanentError):
        await account_contact_changed(office, contact=None)
