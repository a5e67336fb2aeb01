"""How far a dossier is: told to who knows its number and its phone, and to nobody else (V-09)."""

import pytest
from ansinh_kit.human_check.proof_of_work import solve
from ansinh_kit.testing.asgi_client import HttpAnswer
from registration.domain.declaration.events import DeclarationSetAside

from tests.registration.service import Declared, Service

NOTHING = {"dossier": None}
PHONE = "0900 000 018"


async def ask(service: Service, number: str, phone: str = PHONE) -> HttpAnswer:
    proof = solve(service.human_check.challenge())
    return await service.ask("POST", "/v1/public/dossiers", {"dossier_number": number, "phone": phone}, proof=proof)


async def number_of(service: Service, declared: Declared) -> str:
    return str((await service.ask("GET", declared.path, token=declared.token)).json()["dossier_number"])


@pytest.mark.req("V-09")
async def test_a_dossier_is_found_by_its_number_and_phone_and_says_what_to_do_and_nothing_more(
    service: Service,
) -> None:
    number = await number_of(service, await service.submitted())

    seen = (await ask(service, number)).json()["dossier"]
    assert set(seen) == {"status", "due_at", "to_do"}
    assert (seen["status"], seen["due_at"] is None) == ("submitted", False)
    assert "Nothing to do" in seen["to_do"]["en"]


@pytest.mark.req("V-09")
async def test_a_rejected_dossier_says_so_and_not_why(service: Service) -> None:
    number = await number_of(service, await service.rejected("full_name"))

    answer = await ask(service, number)
    assert (answer.json()["dossier"]["status"], answer.json()["dossier"]["due_at"]) == ("rejected", None)
    assert b"full_name" not in answer.body


@pytest.mark.req("V-09")
async def test_a_number_nobody_has_and_one_of_another_person_read_alike(service: Service) -> None:
    number = await number_of(service, await service.submitted())

    unknown, anothers = await ask(service, "99999/2026/06601"), await ask(service, number, "0900 000 026")
    assert unknown.json() == anothers.json() == NOTHING
    assert (unknown.status, anothers.status) == (200, 200)


@pytest.mark.sec("OTC-10")
async def test_a_dossier_that_was_set_aside_reads_like_one_in_the_queue(service: Service) -> None:
    await service.submitted()
    second = await service.submitted()
    assert isinstance(await service.last_event(), DeclarationSetAside)

    assert (await ask(service, await number_of(service, second))).json()["dossier"]["status"] == "submitted"


@pytest.mark.req("V-01")
async def test_without_a_proof_nothing_is_told_and_a_slip_costs_none(service: Service) -> None:
    body = {"dossier_number": "00018/2026/06601", "phone": PHONE}
    refused = await service.ask("POST", "/v1/public/dossiers", body)
    assert (refused.status, refused.json()["code"]) == (403, "human_check_required")

    wrong = await service.ask("POST", "/v1/public/dossiers", body | {"phone": "113"})
    assert (wrong.status, wrong.json()["code"]) == (422, "invalid_fields")


@pytest.mark.req("V-01")
async def test_phones_are_not_tried_on_a_number_without_end(service: Service) -> None:
    number = await number_of(service, await service.submitted())

    for attempt in range(5):
        assert (await ask(service, number, f"09000001{attempt:02}")).json() == NOTHING
    refused = await ask(service, number)
    assert (refused.status, refused.json()["code"]) == (429, "too_many_attempts")


async def test_of_a_forgotten_person_there_is_no_dossier(service: Service) -> None:
    declared = await service.submitted()
    number = await number_of(service, declared)
    submitted = await service.last_event()
    await service.keyring.forget(str(submitted.subject_id()))

    assert (await ask(service, number)).json() == NOTHING
