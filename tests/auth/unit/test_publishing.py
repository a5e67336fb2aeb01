from datetime import UTC, datetime

import pytest
from ansinh_contracts.auth import (
    AccountActivatedV1,
    AccountContact,
    AccountLockedV1,
    AccountOpenedV1,
    AccountUnlockedV1,
    PasswordMarkedCompromisedV1,
    PasswordRecoveredV1,
    RecoveryApprovedV1,
    RecoveryWithdrawnV1,
    SavedCodesMadeV1,
    SessionOpenedV1,
    SessionRevokedV1,
)
from ansinh_kit.events import ERASED, DomainEvent, Metadata, RecordedEvent
from auth.domain.access_events import (
    AccountLocked,
    AccountUnlocked,
    PasswordMarkedCompromised,
    PasswordRecovered,
    RecoveryApproved,
    RecoveryWithdrawn,
    SavedCodesMade,
    SavedCodeUsed,
    SessionRevoked,
)
from auth.domain.staff import StaffEnrolled
from auth.messaging.publishing import to_contract

from tests.auth.builders import ACCOUNT_ID, NOW, PERSON_ID, account_opened, activated, session_opened

CONTACT = {"full_name": "Nguyễn Thị Hoa", "phone": "+84912345678", "email": "hoa@example.vn"}


def recorded(event: DomainEvent) -> RecordedEvent:
    return RecordedEvent(
        event=event,
        event_id="event-1",
        stream_id="stream",
        version=1,
        position=1,
        recorded_at=NOW,
        commit_id="commit",
        metadata=Metadata("story"),
    )


def revoked(**changes: object) -> SessionRevoked:
    facts: dict[str, object] = {
        "account_id": ACCOUNT_ID,
        "person_id": PERSON_ID,
        "epoch": 3,
        "occurred_at": NOW,
        "session_epoch": 2,
        "reason": "replaced",
        "new_device_kind": "tablet",
    }
    return SessionRevoked.model_validate(facts | changes)


def test_an_opened_account_is_told_with_the_contact_and_without_its_numbers() -> None:
    told = to_contract(recorded(account_opened()))
    assert isinstance(told, AccountOpenedV1)
    assert told.contact == AccountContact(full_name="Nguyễn Thị Hoa", phone="+84912345678")
    assert "0123456789" not in told.model_dump_json()
    assert "066185000001" not in told.model_dump_json()


def test_an_activation_is_told() -> None:
    told = to_contract(recorded(activated()))
    assert isinstance(told, AccountActivatedV1)
    assert told.declaration_id == "d" * 32


def test_an_opened_session_is_told_with_its_epoch() -> None:
    told = to_contract(recorded(session_opened(7)))
    assert isinstance(told, SessionOpenedV1)
    assert (told.epoch, told.device_kind) == (7, "phone")


def test_a_revoked_session_is_told_by_its_own_epoch_and_with_the_contact() -> None:
    told = to_contract(recorded(revoked(**CONTACT)))
    assert isinstance(told, SessionRevokedV1)
    assert (told.epoch, told.reason, told.new_device_kind) == (2, "replaced", "tablet")
    assert told.contact == AccountContact.model_validate(CONTACT)


_ACCESS = {"account_id": ACCOUNT_ID, "person_id": PERSON_ID, "epoch": 3, "occurred_at": NOW, **CONTACT}
_OFFICER = {"staff_id": "s" * 32, "agency_code": "06601"}
_SENSITIVE: list[tuple[DomainEvent, type]] = [
    (AccountLocked.model_validate({**_ACCESS, "reason": "lost_device", "by": "holder"}), AccountLockedV1),
    (AccountUnlocked.model_validate({**_ACCESS, **_OFFICER, "reason": "holder_identified"}), AccountUnlockedV1),
    (
        PasswordMarkedCompromised.model_validate({**_ACCESS, **_OFFICER, "reason": "phishing"}),
        PasswordMarkedCompromisedV1,
    ),
    (SavedCodesMade.model_validate({**_ACCESS, "count": 8}), SavedCodesMadeV1),
    (PasswordRecovered.model_validate({**_ACCESS, "recovery_id": "c" * 32, "way": "counter"}), PasswordRecoveredV1),
    (
        RecoveryApproved.model_validate(
            {
                **_ACCESS,
                **_OFFICER,
                "recovery_id": "c" * 32,
                "reason": "phone_lost",
                "paper": "passport",
                "opens_at": NOW,
                "ends_at": NOW,
            }
        ),
        RecoveryApprovedV1,
    ),
    (RecoveryWithdrawn.model_validate({**_ACCESS, "recovery_id": "c" * 32, "by": "holder"}), RecoveryWithdrawnV1),
]


@pytest.mark.sec("SEC-41")
@pytest.mark.parametrize(("event", "contract"), _SENSITIVE)
def test_every_change_of_who_may_enter_is_told_to_all_contacts(event: DomainEvent, contract: type) -> None:
    told = to_contract(recorded(event))
    assert told is not None
    assert isinstance(told, contract)
    assert told.model_dump(exclude_none=True)["contact"] == CONTACT
    assert "s" * 32 not in told.model_dump_json(), "who the officer was is for the agency to tell"


@pytest.mark.parametrize("changes", [{}, {"full_name": ERASED, "phone": ERASED, "email": ERASED}])
def test_without_a_contact_or_after_erasure_nobody_is_to_be_told(changes: dict[str, str]) -> None:
    told = to_contract(recorded(revoked(**changes)))
    assert isinstance(told, SessionRevokedV1)
    assert told.contact is None


@pytest.mark.parametrize(
    "event",
    [
        SavedCodeUsed(account_id=ACCOUNT_ID, person_id=PERSON_ID, epoch=3, occurred_at=NOW, place=3),
        StaffEnrolled(
            staff_id="s" * 32,
            user_name="hanh.le",
            role="officer",
            agency_code="06601",
            enrolled_at=datetime(2026, 3, 2, tzinfo=UTC),
        ),
    ],
)
def test_what_is_nobody_elses_business_is_not_told(event: DomainEvent) -> None:
    assert to_contract(recorded(event)) is None
