from datetime import UTC, datetime

import pytest
from ansinh_contracts import records as contracts
from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent
from records.domain.participant import events as happened
from records.messaging.publishing import to_contract

from tests.records import access_builders as b
from tests.records import people as p

IDS = {"participant_id": p.PID, "occurred_at": p.AT}


def recorded(event: DomainEvent) -> RecordedEvent:
    return RecordedEvent(event, "e1", f"participant-{p.PID}", 1, 1, datetime.now(UTC), "c1", Metadata("story"))


@pytest.mark.parametrize(
    ("event", "published"),
    [
        (p.registered(), contracts.ParticipantRegisteredV1.model_validate(IDS | {"agency_code": p.AGENCY})),
        (p.linked(), contracts.AccountLinkedV1.model_validate(IDS | {"person_id": p.PERSON})),
        (
            happened.AccountUnlinked(**p.IDS, person_id=p.PERSON, officer_id="officer-a"),
            contracts.AccountUnlinkedV1.model_validate(IDS | {"person_id": p.PERSON}),
        ),
        (
            happened.ParticipantMerged(**p.IDS, merge_id="1" * 32, into=p.OTHER_PID, accounts=(p.PERSON,)),
            contracts.ParticipantMergedV1.model_validate(IDS | {"into": p.OTHER_PID}),
        ),
        (
            b.record_read("visits"),
            contracts.RecordReadByStaffV1(
                participant_id=b.PARTICIPANT,
                occurred_at=b.AT,
                opening_id=b.OPENING,
                officer_id="officer-a",
                agency_code=b.AGENCY,
                part="visits",
            ),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_others_learn_of_it_by_ids_alone(event: DomainEvent, published: IntegrationEvent) -> None:
    assert to_contract(recorded(event)) == published


@pytest.mark.parametrize(
    "event", [p.held(), p.begun(), b.record_opened(), happened.ContactChanged(**p.IDS, contact=p.contact())]
)
def test_what_concerns_nobody_else_stays_inside(event: DomainEvent) -> None:
    assert to_contract(recorded(event)) is None
