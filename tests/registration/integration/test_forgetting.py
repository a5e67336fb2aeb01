"""A person is forgotten: what registration held of them is gone, and the declaration still folds."""

from datetime import UTC, datetime

import pytest
from ansinh_contracts.records import ForgottenAccount, PersonForgottenV1
from ansinh_kit.messaging.incoming import IncomingEvent
from registration.domain.declaration.events import DeclarationStarted
from registration.domain.named_numbers import NamedNumber
from registration.handlers.naming import NamingDeclaration

from tests.registration.forgetting import forgetting
from tests.registration.service import OFFICER, Declared, Service

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def told(person_id: str, declaration_id: str) -> IncomingEvent:
    account = ForgottenAccount(person_id=person_id, declaration_id=declaration_id)
    event = PersonForgottenV1(participant_id="a" * 32, occurred_at=AT, accounts=(account,), duplicates=())
    return IncomingEvent(
        event=event,
        event_id="event-forgotten",
        stream_id=f"participant-{'a' * 32}",
        stream_version=3,
        position=3,
        occurred_at=AT,
        correlation_id="story",
        causation_id=None,
    )


async def person_of(service: Service) -> str:
    started = (await service.events())[0].event
    assert isinstance(started, DeclarationStarted)
    return started.person_id


@pytest.mark.sec("PII-06")
async def test_declaration_and_photos_cannot_be_read_any_more_and_the_numbers_are_free(service: Service) -> None:
    declared = await service.checking()
    await service.decide(declared, {"decision": "valid"})
    delivery = told(await person_of(service), declared.declaration_id)
    for _ in range(2):
        await forgetting(service).person_forgotten(delivery)

    assert (await service.ask("GET", declared.path, token=declared.token)).status == 404
    assert "Nguyễn" not in repr(await service.events())
    assert service.files.files == {}  # type: ignore[attr-defined]  # the port hides what the files in memory show
    await service.submitted()  # the same person's numbers: they were held for good by the valid declaration


INSURANCE_NUMBER = NamedNumber(kind="social_insurance_number", number="6600000018")
CITIZEN_NUMBER = NamedNumber(kind="citizen_id", number="066090000018")


async def naming(service: Service, *numbers: NamedNumber) -> set[str]:
    return {found.declaration_id for found in await service.naming.find(numbers)}


async def forget(service: Service, found: NamingDeclaration) -> None:
    await forgetting(service).person_forgotten(told(found.person_id, found.declaration_id))


@pytest.mark.sec("PII-06")
async def test_every_declaration_that_names_the_person_is_found_whatever_became_of_it(service: Service) -> None:
    rejected = await service.rejected("full_name")
    withdrawn = await service.submitted(social_insurance_number="6600000026")
    assert (await service.ask("POST", f"{withdrawn.path}/withdraw", token=withdrawn.token)).status == 200
    set_aside = await service.submitted()
    draft = await service.start()
    await service.fill_in(draft, identity=None)
    other = await service.submitted(
        social_insurance_number="6600000034", identity={"kind": "citizen_id", "number": "066090000034"}
    )
    named = {each.declaration_id for each in (rejected, set_aside, draft)}
    assert await naming(service, INSURANCE_NUMBER) == named
    assert await naming(service, INSURANCE_NUMBER, CITIZEN_NUMBER) == named | {withdrawn.declaration_id}
    assert await naming(service, NamedNumber(kind="passport", number="066090000034")) == set()
    assert await naming(service) == set()
    assert other.declaration_id not in named


async def test_a_number_that_was_corrected_names_nobody_any_more(service: Service) -> None:
    declared = await service.start()
    await service.fill_in(declared, social_insurance_number="6600000026", identity=None)
    await service.fill_in(declared, identity=None)
    assert await naming(service, NamedNumber(kind="social_insurance_number", number="6600000026")) == set()
    assert await naming(service, INSURANCE_NUMBER) == {declared.declaration_id}


async def test_an_old_card_with_the_citizen_number_names_the_same_person(service: Service) -> None:
    declared = await service.start()
    await service.fill_in(declared, identity={"kind": "legacy_id", "number": "066090000018"})
    assert await naming(service, CITIZEN_NUMBER) == {declared.declaration_id}


@pytest.mark.sec("PII-06")
async def test_of_a_forgotten_declaration_nothing_is_found_and_nobody_goes_on_with_it(service: Service) -> None:
    declared: Declared = await service.checking()
    (found,) = await service.naming.find([INSURANCE_NUMBER])
    for _ in range(2):
        await forget(service, found)
    assert await service.declared_numbers.documents() == {}
    assert (await service.event_types()).count("declaration_forgotten") == 1
    decided = await service.decide(declared, {"decision": "valid"})
    withdrawn = await service.ask("POST", f"{declared.path}/withdraw", token=declared.token)
    queue = await service.ask("GET", "/v1/officer/queue", caller=OFFICER)
    assert (decided.status, withdrawn.status, queue.json()["total"]) == (404, 404, 0)


async def test_files_that_a_crash_left_behind_go_too(service: Service) -> None:
    declared = await service.drafted()
    left_behind = dict(service.files.files)  # type: ignore[attr-defined]  # the port hides what the files in memory show
    await service.attach(declared, "portrait")
    service.files.files.update(left_behind)  # type: ignore[attr-defined]  # as if the process had died after attaching
    (found,) = await service.naming.find([INSURANCE_NUMBER])
    await forget(service, found)
    assert service.files.files == {}  # type: ignore[attr-defined]  # see above


async def test_a_declaration_that_is_not_here_is_no_reason_to_stop(service: Service) -> None:
    await forget(service, NamingDeclaration("c" * 32, "9" * 32))
    assert await service.keyring.is_forgotten("c" * 32)
