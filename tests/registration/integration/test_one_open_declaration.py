"""A person has one open declaration; who sends a second one is not told so (ADR-0006)."""

import asyncio

import pytest
from ansinh_kit.errors import UnavailableError
from registration.domain.declaration.events import (
    DeclarationSetAside,
    DeclarationSubmitted,
    DuplicateNoticed,
)

from tests.registration.service import OFFICER, Service


@pytest.mark.sec("SEC-05")
@pytest.mark.sec("API-06")
async def test_a_hundred_declarations_of_one_person_sent_at_once_make_one(service: Service) -> None:
    drafts = [await service.drafted_without_looking_at_photos() for _ in range(100)]
    answers = await asyncio.gather(*(service.send(draft) for draft in drafts))
    assert {answer.status for answer in answers} == {200}
    sent = [recorded.event for recorded in await service.events()]
    assert sum(isinstance(event, DeclarationSubmitted) for event in sent) == 1
    assert sum(isinstance(event, DeclarationSetAside) for event in sent) == 99


@pytest.mark.sec("OTC-10")
async def test_a_second_declaration_is_answered_like_any_other_and_only_the_contact_on_file_is_told(
    service: Service,
) -> None:
    first = await service.submitted()
    second = await service.submitted()
    assert first.answer.json().keys() == second.answer.json().keys()
    assert second.answer.json()["status"] == "submitted"
    assert first.answer.json()["note"] == second.answer.json()["note"]
    assert first.answer.headers["etag"] == second.answer.headers["etag"]
    noticed, aside = [recorded.event for recorded in await service.events()][-2:]
    assert isinstance(noticed, DuplicateNoticed)
    assert noticed.declaration_id == first.declaration_id
    assert isinstance(aside, DeclarationSetAside)
    assert aside.declaration_id == second.declaration_id
    seen = (await service.ask("GET", second.path, token=second.token)).json()
    other = (await service.ask("GET", first.path, token=first.token)).json()
    assert seen["status"] == other["status"] == "submitted"
    assert [step["step"] for step in seen["time_line"]] == [step["step"] for step in other["time_line"]]


async def test_a_set_aside_declaration_is_in_no_queue(service: Service) -> None:
    first = await service.submitted()
    await service.submitted()
    queue = (await service.ask("GET", "/v1/officer/queue", caller=OFFICER)).json()
    assert [entry["declaration_id"] for entry in queue["declarations"]] == [first.declaration_id]
    assert queue["declarations"][0]["duplicates_noticed"] == 1


async def test_after_a_withdrawal_the_person_may_declare_anew(service: Service) -> None:
    first = await service.submitted()
    withdrawn = await service.ask("POST", f"{first.path}/withdraw", token=first.token)
    assert withdrawn.json() == {"status": "withdrawn", "missing": []}
    await service.submitted()
    assert (await service.event_types())[-1] == "declaration_submitted"


@pytest.mark.sec("SEC-04")
async def test_numbers_a_killed_withdrawal_left_behind_go_to_the_next_sender(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await service.submitted()
    with monkeypatch.context() as killed:
        killed.setattr(service.reservations, "release", _unavailable)
        answer = await service.ask("POST", f"{first.path}/withdraw", token=first.token)
        assert answer.status == 503
    assert (await service.event_types())[-1] == "declaration_withdrawn"
    await service.submitted()
    assert (await service.event_types())[-1] == "declaration_submitted"


@pytest.mark.sec("SEC-04")
async def test_numbers_a_killed_correction_left_behind_go_to_the_next_sender(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = await service.rejected("social_insurance_number", "identity")
    other = {"kind": "citizen_id", "number": "066090000026"}
    await service.fill_in(declared, social_insurance_number="6600000026", identity=other)
    with monkeypatch.context() as killed:
        killed.setattr(service.reservations, "release", _unavailable)
        assert (await service.send(declared, verb="resubmit")).status == 503
    await service.submitted()
    assert (await service.event_types())[-1] == "declaration_submitted"
    await service.submitted(social_insurance_number="6600000026", identity=other)
    assert (await service.event_types())[-1] == "declaration_set_aside"


async def _unavailable(*_: object, **__: object) -> None:
    raise UnavailableError("mongodb")


async def test_correcting_to_the_number_of_another_open_declaration_is_told_to_nobody_here(service: Service) -> None:
    await service.submitted(
        social_insurance_number="6600000026", identity={"kind": "citizen_id", "number": "066090000026"}
    )
    declared = await service.rejected("social_insurance_number")
    await service.fill_in(declared, social_insurance_number="6600000026")
    answer = await service.send(declared, verb="resubmit")
    assert (answer.status, answer.json()["status"]) == (200, "resubmitted")
    assert isinstance(await service.last_event(), DeclarationSetAside)
    shown = (await service.ask("GET", declared.path, token=declared.token)).json()
    assert shown["status"] == "resubmitted"


@pytest.mark.sec("SEC-05")
async def test_the_citizen_number_typed_as_an_old_identity_card_is_the_same_person(service: Service) -> None:
    await service.submitted()
    identity = {"kind": "legacy_id", "number": "066090000018"}
    await service.submitted(social_insurance_number="6600000099", identity=identity)
    assert (await service.event_types())[-1] == "declaration_set_aside"
