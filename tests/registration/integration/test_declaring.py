"""The declarant over HTTP: status, body, and what was appended."""

import asyncio

import pytest
from ansinh_kit.testing.callers import a_citizen
from registration.domain.declaration.events import (
    DeclarationResubmitted,
    DeclarationSubmitted,
    FormFilledIn,
)

from tests.registration.service import STRANGER, Service, jpeg


async def test_a_draft_starts_with_a_token_that_is_stored_nowhere(service: Service) -> None:
    declared = await service.start()
    assert declared.answer.status == 201
    assert declared.token.startswith("dct_")
    assert declared.answer.headers["etag"] == '"1"'
    assert declared.token not in repr(await service.events())


@pytest.mark.req("S-57")
@pytest.mark.parametrize("token", [None, "", "dct_wrong"])
async def test_without_the_right_token_a_declaration_is_as_absent_as_one_that_never_was(
    service: Service, token: str | None
) -> None:
    declared = await service.submitted()
    for method, path in (("GET", declared.path), ("POST", f"{declared.path}/withdraw")):
        present = await service.ask(method, path, token=token)
        absent = await service.ask(method, path.replace(declared.declaration_id, "0" * 32), token=token)
        assert present.status == absent.status == 404
        assert present.json() | {"request_id": ""} == absent.json() | {"request_id": ""}


async def test_the_form_is_kept_encrypted_in_its_normal_form(service: Service) -> None:
    declared = await service.start()
    answer = await service.fill_in(declared)
    assert answer.status == 200
    assert answer.json() == {"status": "draft", "missing": ["portrait", "identity_front", "identity_back"]}
    event = await service.last_event()
    assert isinstance(event, FormFilledIn)
    assert event.form is not None
    assert event.form.phone == "+84900000018"
    stored = repr((await service.log.read_after(0, limit=100)).commits)
    for value in ("6600000018", "Mẫu", "900000018", "066090000018", "example.com"):
        assert value not in stored


@pytest.mark.sec("SEC-01")
async def test_every_wrong_field_is_named_with_its_rule_in_both_languages_and_nothing_is_kept(service: Service) -> None:
    declared = await service.start()
    answer = await service.fill_in(declared, phone="0123", social_insurance_number="12", agency_code="99999")
    assert answer.status == 422
    found = {error["field"]: error for error in answer.json()["errors"]}
    assert {name: error["rule"] for name, error in found.items()} == {
        "social_insurance_number": "social_insurance_number",
        "phone": "mobile_phone",
    }
    assert all(error["message"]["vi"] and error["way_out"]["en"] for error in found.values())
    assert "0123" not in answer.body.decode()
    assert await service.event_types() == ["declaration_started"]


@pytest.mark.req("S-70")
async def test_an_agency_or_ward_that_is_not_in_the_lists_is_refused(service: Service) -> None:
    declared = await service.start()
    address = {
        "layout": "without_districts",
        "province_code": "66",
        "ward_code": "99999",
        "street": "Số 1",
    }
    answer = await service.fill_in(declared, agency_code="99999", address=address)
    assert {error["field"]: error["rule"] for error in answer.json()["errors"]} == {
        "agency_code": "known_agency",
        "address.ward_code": "known_unit",
    }


@pytest.mark.sec("SEC-10")
async def test_a_field_that_is_not_in_the_form_is_refused(service: Service) -> None:
    declared = await service.start()
    answer = await service.ask("PUT", declared.path, {"status": "valid", "role": "officer"}, token=declared.token)
    assert answer.status == 422
    assert {error["rule"] for error in answer.json()["errors"]} == {"unknown_field"}


@pytest.mark.req("S-88")
@pytest.mark.req("V-19")
async def test_a_submitted_declaration_gets_its_number_and_due_time_at_once(service: Service) -> None:
    declared = await service.submitted()
    slip = declared.answer.json()
    assert slip["dossier_number"] == "00001/2026/06601"
    assert slip["status"] == "submitted"
    assert slip["due_at"] == "2026-03-05T10:00:00Z"
    assert declared.answer.headers["etag"] == '"6"'
    event = await service.last_event()
    assert isinstance(event, DeclarationSubmitted)
    assert event.contact is not None
    assert event.contact.phone == "+84900000018"


@pytest.mark.req("S-72")
@pytest.mark.req("S-83")
async def test_after_sending_the_registered_data_is_shown(service: Service) -> None:
    declared = await service.submitted()
    shown = (await service.ask("GET", declared.path, token=declared.token)).json()
    assert (shown["status"], shown["agency_code"]) == ("submitted", "06601")
    assert shown["dossier_number"] == declared.answer.json()["dossier_number"]
    assert shown["form"]["social_insurance_number"] == "6600000018"
    assert shown["photos"] == ["identity_back", "identity_front", "portrait"]


@pytest.mark.req("S-86")
async def test_until_it_is_sent_every_entry_can_be_read_and_changed(service: Service) -> None:
    declared = await service.drafted()
    assert (await service.fill_in(declared, full_name="Trần Thị Thử", phone="0900000026")).status == 200
    shown = (await service.ask("GET", declared.path, token=declared.token)).json()
    assert (shown["form"]["full_name"], shown["form"]["phone"]) == ("Trần Thị Thử", "+84900000026")
    assert shown["form"]["email"] == "mau@example.com"
    assert shown["missing"] == []


@pytest.mark.req("S-89")
async def test_the_copy_for_the_mail_is_made_when_sending_and_only_if_asked_for(service: Service) -> None:
    await service.submitted(send_by_email=True)
    event = await service.last_event()
    assert isinstance(event, DeclarationSubmitted)
    lines = {line.field: line.value for line in event.form_copy or ()}
    assert lines["address"] == "Số 1, Phố Thử Nghiệm, Phường Tân Lợi, Thành phố Buôn Ma Thuột, Đắk Lắk"
    assert lines["agency_code"] == "Bảo hiểm xã hội cơ sở Buôn Ma Thuột"
    other = Service()
    await other.submitted()
    plain = await other.last_event()
    assert isinstance(plain, DeclarationSubmitted)
    assert plain.form_copy is None


@pytest.mark.req("S-64")
async def test_sending_points_out_what_is_missing(service: Service) -> None:
    declared = await service.start()
    await service.fill_in(declared, full_name=None, pledge_accepted=False)
    answer = await service.send(declared)
    assert answer.status == 422
    assert answer.json()["code"] == "declaration_incomplete"
    assert [error["field"] for error in answer.json()["errors"]] == [
        "full_name",
        "identity_back",
        "identity_front",
        "pledge_accepted",
        "portrait",
    ]


@pytest.mark.req("S-88")
async def test_a_double_tap_makes_one_declaration_with_one_answer(service: Service) -> None:
    declared = await service.drafted()
    key = service.ids.new_id()
    taps = await asyncio.gather(*(service.send(declared, key=key) for _ in range(5)))
    assert {tap.status for tap in taps} == {200}
    assert len({tap.body for tap in taps}) == 1
    assert (await service.event_types()).count("declaration_submitted") == 1


async def test_a_second_submit_with_another_key_is_refused_and_harms_nothing(service: Service) -> None:
    declared = await service.drafted()
    taps = await asyncio.gather(*(service.send(declared) for _ in range(5)))
    assert sorted(tap.status for tap in taps) == [200, 409, 409, 409, 409]
    again = await service.drafted()
    await service.send(again)
    assert (await service.event_types())[-1] == "declaration_set_aside"


@pytest.mark.req("S-96")
async def test_a_rejected_declaration_shows_reasons_takes_corrections_and_goes_back(service: Service) -> None:
    declared = await service.rejected("full_name", "portrait")
    shown = (await service.ask("GET", declared.path, token=declared.token)).json()
    assert shown["status"] == "rejected"
    assert [(reason["field"], reason["text"]) for reason in shown["reasons"]] == [
        ("full_name", "Xin xem lại."),
        ("portrait", "Xin xem lại."),
    ]
    assert shown["form"]["phone"] == "+84900000018"
    refused = await service.fill_in(declared, phone="0900000026")
    assert (refused.status, refused.json()["fields"]) == (409, ["phone"])
    early = await service.send(declared, verb="resubmit")
    assert (early.status, early.json()["fields"]) == (409, ["full_name", "portrait"])
    assert (await service.fill_in(declared, full_name="Nguyễn Văn Mẩu")).status == 200
    assert (await service.attach(declared, "portrait", jpeg(colour="navy"))).status == 200
    again = await service.send(declared, verb="resubmit")
    assert again.status == 200
    assert again.json()["dossier_number"] == shown["dossier_number"]
    event = await service.last_event()
    assert isinstance(event, DeclarationResubmitted)
    assert event.changed_fields == ("full_name", "portrait")


async def test_an_edit_on_a_version_that_has_passed_is_refused(service: Service) -> None:
    declared = await service.drafted()
    body = {"full_name": "Trần Thị Thử"}
    answer = await service.ask("PUT", declared.path, body, token=declared.token, version='"1"')
    assert answer.status == 412


async def test_a_signed_in_citizen_declares_like_a_guest(service: Service) -> None:
    answer = await service.ask("POST", "/v1/declarations", {"language": "en"}, caller=a_citizen())
    assert answer.status == 201


async def test_the_withdrawn_and_the_submitted_are_closed_to_changes(service: Service) -> None:
    declared = await service.submitted()
    assert (await service.fill_in(declared, full_name="Trần Thị Thử")).json()["code"] == "form_closed"
    assert (await service.attach(declared, "portrait")).json()["code"] == "form_closed"


async def test_a_forgotten_persons_declaration_reads_as_empty(service: Service) -> None:
    declared = await service.submitted()
    person_id = (await service.events())[0].event.subject_id()
    assert person_id is not None
    await service.keyring.forget(person_id)
    shown = await service.ask("GET", declared.path, token=declared.token)
    assert shown.status == 200
    assert shown.json()["form"]["full_name"] is None


@pytest.mark.req("S-97")
async def test_another_agencys_officer_finds_nothing(service: Service) -> None:
    declared = await service.checking()
    assert (await service.ask("GET", declared.officer_path, caller=STRANGER)).status == 404
