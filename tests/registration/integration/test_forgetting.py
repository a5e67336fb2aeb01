"""A person is forgotten: what registration held of them is gone, and the declaration still folds."""

from datetime import UTC, datetime

import pytest
from ansinh_contracts.records import ForgottenAccount, PersonForgottenV1
from ansinh_kit.messaging.incoming import IncomingEvent
from registration.domain.declaration.events import DeclarationStarted

from tests.registration.forgetting import forgetting
from tests.registration.service import Service

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

    shown = (await service.ask("GET", declared.path, token=declared.token)).json()
    assert "Nguyễn" not in str(shown)
    assert service.files.files == {}  # type: ignore[attr-defined]  # the port hides what the files in memory show
    await service.submitted()  # the same person's numbers: they were held for good by the valid declaration
