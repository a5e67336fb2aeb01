"""The officers over HTTP: own agency only, one decision, and every read in the log before the answer."""

import asyncio
from io import BytesIO

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.callers import a_citizen, a_guest, an_officer
from ansinh_kit.testing.routes import run_in_threads
from PIL import Image
from registration.domain.access import DeclarationReadByOfficer, PhotoViewedByOfficer
from registration.domain.declaration.events import DeclarationFoundValid, DeclarationRejected

from tests.registration.service import COLLEAGUE, OFFICER, STRANGER, Service, jpeg

VALID = {"decision": "valid"}


@pytest.mark.req("S-87")
@pytest.mark.req("S-97")
async def test_the_queue_holds_the_own_agencys_declarations_first_due_first_and_names_nobody(service: Service) -> None:
    declared = await service.submitted()
    queue = (await service.ask("GET", "/v1/officer/queue", caller=OFFICER)).json()
    assert queue == {
        "declarations": [
            {
                "declaration_id": declared.declaration_id,
                "dossier_number": "00001/2026/06601",
                "status": "submitted",
                "waiting_since": "2026-03-02T09:00:00Z",
                "due_at": "2026-03-05T10:00:00Z",
                "claimed_by": None,
                "claimed_at": None,
                "changed_fields": [],
                "duplicates_noticed": 0,
            }
        ],
        "total": 1,
    }
    elsewhere = (await service.ask("GET", "/v1/officer/queue", caller=STRANGER)).json()
    assert elsewhere == {"declarations": [], "total": 0}


@pytest.mark.sec("SEC-60")
@pytest.mark.parametrize(
    ("caller", "status"),
    [
        (a_guest(), 401),
        (a_citizen(), 403),
        (an_officer(agency_code="06601", roles=("administrator",)), 403),
        (Caller(kind="staff", request_id="r", account_id="officer-a", roles=("officer",)), 403),
    ],
    ids=["guest", "citizen", "another role", "no agency"],
)
async def test_only_officers_of_an_agency_come_in(service: Service, caller: Caller, status: int) -> None:
    for method, path in (
        ("GET", "/v1/officer/queue"),
        ("GET", f"/v1/officer/declarations/{'0' * 32}"),
        ("GET", f"/v1/officer/declarations/{'0' * 32}/photos/portrait?purpose=audit"),
        ("POST", f"/v1/officer/declarations/{'0' * 32}/claim"),
    ):
        assert (await service.ask(method, path, caller=caller)).status == status


@pytest.mark.sec("PII-10")
async def test_reading_is_in_the_log_and_not_on_the_declarations_version(service: Service) -> None:
    declared = await service.checking()
    answer = await service.ask("GET", declared.officer_path, caller=OFFICER)
    assert answer.status == 200
    assert answer.headers["etag"] == declared.answer.headers["etag"]
    assert answer.json()["form"]["full_name"] == "Nguyễn Văn Mẫu"
    assert answer.json()["photos"] == ["identity_back", "identity_front", "portrait"]
    event = await service.last_event()
    assert isinstance(event, DeclarationReadByOfficer)
    assert (event.declaration_id, event.officer_id) == (declared.declaration_id, "officer-a")


@pytest.mark.sec("FIL-06")
async def test_viewing_a_photo_is_in_the_log_with_its_purpose_and_needs_one(service: Service) -> None:
    declared = await service.checking()
    path = f"{declared.officer_path}/photos/identity_front"
    for purpose in ("", "?purpose=curiosity"):
        assert (await service.ask("GET", f"{path}{purpose}", caller=OFFICER)).status == 422
    assert (await service.event_types())[-1] == "declaration_claimed"
    assert (await service.ask("GET", f"{path}?purpose=check_identity", caller=OFFICER)).status == 200
    event = await service.last_event()
    assert isinstance(event, PhotoViewedByOfficer)
    assert (event.kind, event.purpose, event.officer_id) == ("identity_front", "check_identity", "officer-a")


@pytest.mark.sec("PII-10")
async def test_a_read_that_cannot_be_recorded_is_not_answered(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = await service.checking()

    async def down(commit: object) -> None:
        del commit
        raise UnavailableError("mongodb")

    monkeypatch.setattr(service.log, "append", down)
    for path in (declared.officer_path, f"{declared.officer_path}/photos/portrait?purpose=audit"):
        answer = await service.ask("GET", path, caller=OFFICER)
        assert answer.status == 503
        assert b"JFIF" not in answer.body
        assert "Mẫu" not in answer.body.decode()


@pytest.mark.req("S-82")
async def test_form_and_photos_are_for_the_officer_in_charge_only(service: Service) -> None:
    declared = await service.submitted()
    photo = f"{declared.officer_path}/photos/portrait?purpose=audit"
    for path in (declared.officer_path, photo):
        assert (await service.ask("GET", path, caller=OFFICER)).json()["code"] == "declaration_not_claimed"
    await service.ask("POST", f"{declared.officer_path}/claim", caller=OFFICER)
    for path in (declared.officer_path, photo):
        assert (await service.ask("GET", path, caller=OFFICER)).status == 200
        assert (await service.ask("GET", path, caller=COLLEAGUE)).status == 409
        assert (await service.ask("GET", path, caller=STRANGER)).status == 404


@pytest.mark.sec("API-03")
async def test_corrections_under_way_are_not_shown_to_the_officer_who_rejected(service: Service) -> None:
    declared = await service.rejected("phone", "portrait")
    await service.fill_in(declared, phone="0987654321")
    await service.attach(declared, "portrait", jpeg(width=999))
    shown = await service.ask("GET", declared.officer_path, caller=OFFICER)
    assert shown.json()["form"]["phone"] == "+84900000018"
    photo = await service.ask("GET", f"{declared.officer_path}/photos/portrait?purpose=audit", caller=OFFICER)
    with Image.open(BytesIO(photo.body)) as image:
        assert image.size == (640, 480)
    assert (await service.send(declared, verb="resubmit")).status == 200
    await service.ask("POST", f"{declared.officer_path}/claim", caller=OFFICER)
    shown = await service.ask("GET", declared.officer_path, caller=OFFICER)
    assert shown.json()["form"]["phone"] == "+84987654321"


@pytest.mark.sec("API-01")
@pytest.mark.parametrize("verb", ["claim", "release", "decision"])
async def test_naming_versions_does_not_tell_another_agency_that_a_declaration_is_there(
    service: Service, verb: str
) -> None:
    declared = await service.submitted()
    unknown = f"/v1/officer/declarations/{'0' * 32}"
    body = VALID if verb == "decision" else None
    present = declared.answer.headers["etag"]
    answers = [
        await service.ask("POST", f"{path}/{verb}", body, caller=STRANGER, version=version)
        for path in (declared.officer_path, unknown)
        for version in (present, '"99"')
    ]
    assert {(answer.status, answer.body) for answer in answers} == {(404, answers[0].body)}


@pytest.mark.req("S-97")
async def test_for_another_agency_a_declaration_is_as_absent_as_one_that_never_was(service: Service) -> None:
    declared = await service.checking()
    for verb in ("claim", "release"):
        present = await service.ask("POST", f"{declared.officer_path}/{verb}", caller=STRANGER)
        absent = await service.ask("POST", f"/v1/officer/declarations/{'0' * 32}/{verb}", caller=STRANGER)
        assert present.status == absent.status == 404
        assert present.json() | {"request_id": ""} == absent.json() | {"request_id": ""}
    assert (await service.decide(declared, VALID, caller=STRANGER)).status == 404


async def test_a_claim_shows_in_the_queue_and_a_release_undoes_it(service: Service) -> None:
    declared = await service.checking()
    (entry,) = (await service.ask("GET", "/v1/officer/queue", caller=COLLEAGUE)).json()["declarations"]
    assert (entry["status"], entry["claimed_by"]) == ("checking", "officer-a")
    refused = await service.ask("POST", f"{declared.officer_path}/claim", caller=COLLEAGUE)
    assert (refused.status, refused.json()["claimed_by"]) == (409, "officer-a")
    released = await service.ask("POST", f"{declared.officer_path}/release", caller=OFFICER)
    assert released.json() == {"status": "submitted", "claimed_by": None}
    (entry,) = (await service.ask("GET", "/v1/officer/queue", caller=COLLEAGUE)).json()["declarations"]
    assert (entry["status"], entry["claimed_by"]) == ("submitted", None)


@pytest.mark.req("S-93")
async def test_a_valid_declaration_leaves_the_queue_and_names_its_holder(service: Service) -> None:
    declared = await service.checking()
    answer = await service.decide(declared, VALID)
    assert (answer.status, answer.json()) == (200, {"status": "valid"})
    event = await service.last_event()
    assert isinstance(event, DeclarationFoundValid)
    assert event.holder is not None
    assert event.holder.social_insurance_number == "6600000018"
    assert (await service.ask("GET", "/v1/officer/queue", caller=OFFICER)).json()["total"] == 0
    shown = (await service.ask("GET", declared.path, token=declared.token)).json()
    assert shown["status"] == "valid"
    assert [step["step"] for step in shown["time_line"]] == ["started", "submitted", "checking", "valid"]


@pytest.mark.req("S-97")
async def test_a_decision_needs_the_version_the_officer_has_seen(service: Service) -> None:
    declared = await service.checking()
    path = f"{declared.officer_path}/decision"
    assert (await service.ask("POST", path, VALID, caller=OFFICER)).status == 428
    assert (await service.ask("POST", path, VALID, caller=OFFICER, version='"6"')).status == 412
    assert (await service.ask("POST", path, VALID, caller=OFFICER, version='"new"')).status == 422
    assert (await service.event_types())[-1] == "declaration_claimed"


@pytest.mark.req("S-97")
async def test_a_decided_declaration_is_not_decided_again(service: Service) -> None:
    declared = await service.checking()
    declared.answer = await service.decide(declared, VALID)
    again = await service.decide(declared, VALID)
    assert (again.status, again.json()["code"]) == (409, "declaration_already_decided")


@pytest.mark.sec("SEC-06")
async def test_of_twenty_decisions_at_once_one_counts(service: Service) -> None:
    declared = await service.checking()
    reject = {"decision": "rejected", "reasons": [{"field": "phone", "code": "not_reachable"}]}
    answers = await asyncio.gather(*(service.decide(declared, VALID if n % 2 else reject) for n in range(20)))
    assert sorted(answer.status for answer in answers) == [200] + [412] * 19
    types = await service.event_types()
    assert types.count("declaration_found_valid") + types.count("declaration_rejected") == 1


@pytest.mark.req("S-95")
async def test_a_rejection_keeps_the_reasons_in_the_declarants_language(service: Service) -> None:
    declared = await service.checking()
    reject = {"decision": "rejected", "reasons": [{"field": "phone", "code": "not_reachable"}]}
    assert (await service.decide(declared, reject)).json() == {"status": "rejected"}
    event = await service.last_event()
    assert isinstance(event, DeclarationRejected)
    assert event.reasons is not None
    assert event.reasons[0].text == "Không liên lạc được theo thông tin này."
    assert event.rejected_fields == ("phone",)


@pytest.mark.req("S-97")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"decision": "rejected", "reasons": []}, "rejected.reasons"),
        ({"decision": "rejected"}, "rejected.reasons"),
        ({"decision": "perhaps"}, "body"),
        ({"decision": "valid", "reasons": []}, "valid.reasons"),
        ({"decision": "rejected", "reasons": [{"field": "mood", "code": "other", "text": "x"}]}, "reasons.0.field"),
        ({"decision": "rejected", "reasons": [{"field": "phone", "code": "mood"}]}, "reasons.0.code"),
        ({"decision": "rejected", "reasons": [{"field": "phone", "code": "other"}]}, "reasons.0.text"),
    ],
)
async def test_a_decision_that_makes_no_sense_is_refused_with_its_field(
    service: Service, body: dict[str, object], field: str
) -> None:
    declared = await service.checking()
    answer = await service.decide(declared, body)
    assert answer.status == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await service.event_types())[-1] == "declaration_claimed"


@pytest.mark.req("S-96")
async def test_after_a_correction_the_officer_sees_what_changed(service: Service) -> None:
    declared = await service.rejected("full_name")
    await service.fill_in(declared, full_name="Nguyễn Văn Mẩu")
    assert (await service.send(declared, verb="resubmit")).status == 200
    (entry,) = (await service.ask("GET", "/v1/officer/queue", caller=COLLEAGUE)).json()["declarations"]
    assert (entry["status"], entry["changed_fields"]) == ("resubmitted", ["full_name"])
    await service.ask("POST", f"{declared.officer_path}/claim", caller=COLLEAGUE)
    shown = (await service.ask("GET", declared.officer_path, caller=COLLEAGUE)).json()
    assert shown["changed_fields"] == ["full_name"]
    assert (await service.ask("GET", declared.officer_path, caller=OFFICER)).status == 409


async def test_the_officer_sees_what_looks_odd_in_a_citizen_number(service: Service) -> None:
    declared = await service.submitted(identity={"kind": "citizen_id", "number": "003090000018"})
    await service.ask("POST", f"{declared.officer_path}/claim", caller=OFFICER)
    shown = (await service.ask("GET", declared.officer_path, caller=OFFICER)).json()
    assert shown["warnings"] == ["unknown_province"]


def test_no_route_waits_for_a_thread(service: Service) -> None:
    assert not run_in_threads(service.app)
