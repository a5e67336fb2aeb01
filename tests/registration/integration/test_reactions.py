"""Events of the auth service, delivered twice, change the declaration once."""

from datetime import UTC, datetime

import pytest
from ansinh_contracts.auth import AccountActivatedV1, AccountOpenedV1
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent
from registration.domain.declaration.errors import NotValidError
from registration.handlers.reactions import AccountSteps
from registration.messaging.consumers import subscriptions

from tests.registration.forgetting import forgetting
from tests.registration.service import Declared, Service

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def incoming(event: IntegrationEvent, event_id: str) -> IncomingEvent:
    return IncomingEvent(
        event=event,
        event_id=event_id,
        stream_id="account-1",
        stream_version=1,
        position=1,
        occurred_at=AT,
        correlation_id="story",
        causation_id=None,
    )


def opened(declared: Declared) -> IncomingEvent:
    event = AccountOpenedV1(
        account_id="c" * 32,
        person_id="e" * 32,
        occurred_at=AT,
        declaration_id=declared.declaration_id,
        dossier_number="00001/2026/06601",
        language="vi",
    )
    return incoming(event, "event-opened")


def activated(declared: Declared) -> IncomingEvent:
    event = AccountActivatedV1(
        account_id="c" * 32, person_id="e" * 32, occurred_at=AT, declaration_id=declared.declaration_id
    )
    return incoming(event, "event-activated")


async def test_the_accounts_steps_show_in_the_time_line_once_each(service: Service) -> None:
    declared = await service.checking()
    await service.decide(declared, {"decision": "valid"})
    subscription, _ = subscriptions(AccountSteps(service.store), forgetting(service))
    handlers = subscription.handlers
    for delivery in (opened(declared), opened(declared), activated(declared), activated(declared)):
        await handlers[type(delivery.event)](delivery)
    shown = (await service.ask("GET", declared.path, token=declared.token)).json()
    assert [step["step"] for step in shown["time_line"]][-2:] == ["account_opened", "account_activated"]
    last = (await service.events())[-1]
    assert (last.metadata.correlation_id, last.metadata.causation_id) == ("story", "event-activated")
    assert last.metadata.actor == "service:registration"


async def test_an_account_for_a_declaration_that_is_not_valid_is_refused_and_so_parked(service: Service) -> None:
    declared = await service.submitted()
    with pytest.raises(NotValidError):
        await AccountSteps(service.store).account_opened(opened(declared))


async def test_an_event_of_another_kind_is_parked(service: Service) -> None:
    declared = await service.submitted()
    with pytest.raises(PermanentError):
        await AccountSteps(service.store).account_opened(activated(declared))
    with pytest.raises(PermanentError):
        await AccountSteps(service.store).account_activated(opened(declared))
