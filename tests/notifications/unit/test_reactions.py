from datetime import timedelta

import pytest
from ansinh_contracts.auth import (
    AccountContact,
    AccountLockedV1,
    AccountOpenedV1,
    AccountUnlockedV1,
    ContactChangedV1,
    DeviceBoundV1,
    DeviceRemovedV1,
    EIdLinkedV1,
    EIdUnlinkedV1,
    PasskeyAddedV1,
    PasskeyRemovedV1,
    PasswordChangedV1,
    PasswordMarkedCompromisedV1,
    PasswordRecoveredV1,
    RecoveryApprovedV1,
    RecoveryWithdrawnV1,
    SavedCodesMadeV1,
    SessionRevokedV1,
)
from ansinh_contracts.records import (
    DisputeAnsweredV1,
    DisputeContact,
    DisputeSettledV1,
    ForgottenAccount,
    NoticeContact,
    PersonForgottenV1,
    UnpaidMonths,
    UnpaidNoticeIssuedV1,
)
from ansinh_contracts.registration import (
    ContactDetails,
    DeclarationRejectedV1,
    DeclarationResubmittedV1,
    DeclarationSubmittedV1,
    DuplicateDeclarationNoticedV1,
    FormLine,
    RejectionReason,
)
from ansinh_kit.erasure import Erasure
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from notifications.handlers.forgetting import Forgetting
from notifications.messaging.consumers import subscriptions

from tests.notifications.builders import NOW
from tests.notifications.world import World, incoming

FORGETTING = Forgetting(Erasure(PersonalDataCipher(InMemoryKeyring())))
CONTACT = ContactDetails(full_name="Nguyễn Văn Mẫu", phone="+84900000018", email="mau@example.vn")
HOLDER = AccountContact(full_name="Nguyễn Văn Mẫu", phone="+84900000018", email="mau@example.vn")
_DECLARATION = {
    "declaration_id": "declaration-1",
    "person_id": "person-1",
    "dossier_number": "00018/2026/06601",
    "agency_code": "06601",
    "occurred_at": NOW,
    "language": "vi",
    "contact": CONTACT,
}
_ACCOUNT = {
    "account_id": "account-1",
    "person_id": "person-1",
    "occurred_at": NOW,
    "language": "vi",
    "contact": HOLDER,
}
_DISPUTE = {
    "participant_id": "participant-1",
    "dispute_id": "dispute-1",
    "dispute_number": "PA000018/2026/06601",
    "occurred_at": NOW,
    "language": "vi",
    "contact": DisputeContact(full_name="Nguyễn Văn Mẫu", phone="+84900000018", email="mau@example.vn"),
}


def submitted(**changes: object) -> DeclarationSubmittedV1:
    return DeclarationSubmittedV1.model_validate({**_DECLARATION, "due_at": NOW + timedelta(days=3), **changes})


def rejected(**changes: object) -> DeclarationRejectedV1:
    reasons = (RejectionReason(field="portrait", code="unreadable", text="Ảnh bị mờ."),)
    return DeclarationRejectedV1.model_validate(
        {**_DECLARATION, "rejected_fields": ("portrait",), "reasons": reasons, **changes}
    )


def taken_over(**changes: object) -> SessionRevokedV1:
    return SessionRevokedV1.model_validate(
        {**_ACCOUNT, "epoch": 2, "reason": "replaced", "new_device_kind": "phone", **changes}
    )


def contact_changed(**changes: object) -> ContactChangedV1:
    facts = {"change_id": "change-1", "slot": "phone", "taken_back": False, "objection_code": "7K3M-Q9TX-2HBD-V"}
    return ContactChangedV1.model_validate({**_ACCOUNT, **facts, **changes})


EVENTS = {
    "declaration_received": submitted(),
    "correction_received": DeclarationResubmittedV1.model_validate({**_DECLARATION, "due_at": NOW}),
    "declaration_rejected": rejected(),
    "duplicate_declaration": DuplicateDeclarationNoticedV1.model_validate(_DECLARATION),
    "account_opened": AccountOpenedV1.model_validate(
        {**_ACCOUNT, "declaration_id": "declaration-1", "dossier_number": "00018/2026/06601"}
    ),
    "account_taken_over": taken_over(),
    "password_changed": PasswordChangedV1.model_validate(_ACCOUNT),
    "password_recovered": PasswordRecoveredV1.model_validate({**_ACCOUNT, "way": "counter"}),
    "password_marked_compromised": PasswordMarkedCompromisedV1.model_validate({**_ACCOUNT, "reason": "phishing"}),
    "recovery_approved": RecoveryApprovedV1.model_validate(
        {**_ACCOUNT, "recovery_id": "c" * 32, "agency_code": "06601", "opens_at": NOW, "ends_at": NOW}
    ),
    "recovery_withdrawn": RecoveryWithdrawnV1.model_validate({**_ACCOUNT, "recovery_id": "c" * 32, "by": "holder"}),
    "saved_codes_made": SavedCodesMadeV1.model_validate({**_ACCOUNT, "count": 8}),
    "account_locked": AccountLockedV1.model_validate({**_ACCOUNT, "by": "holder", "reason": "lost_device"}),
    "account_unlocked": AccountUnlockedV1.model_validate(_ACCOUNT),
    "device_bound": DeviceBoundV1.model_validate({**_ACCOUNT, "device_kind": "phone"}),
    "device_removed": DeviceRemovedV1.model_validate({**_ACCOUNT, "device_kind": "phone"}),
    "passkey_added": PasskeyAddedV1.model_validate(_ACCOUNT),
    "passkey_removed": PasskeyRemovedV1.model_validate(_ACCOUNT),
    "e_id_linked": EIdLinkedV1.model_validate({**_ACCOUNT, "by": "log_in"}),
    "e_id_unlinked": EIdUnlinkedV1.model_validate(_ACCOUNT),
    "contact_changed": contact_changed(),
    "contact_change_taken_back": contact_changed(taken_back=True),
    "dispute_answered": DisputeAnsweredV1.model_validate(_DISPUTE),
    "dispute_settled": DisputeSettledV1.model_validate({**_DISPUTE, "outcome": "corrected"}),
}


async def deliver(world: World, event: IntegrationEvent, *, event_id: str = "event-1") -> None:
    for subscription in subscriptions(world.notifier, FORGETTING):
        handler = subscription.handlers.get(type(event))
        if handler is not None:
            await handler(incoming(event, event_id=event_id))


@pytest.mark.req("S-94")
@pytest.mark.req("S-95")
@pytest.mark.sec("F-22")
@pytest.mark.parametrize(("kind", "event"), EVENTS.items())
async def test_a_fact_delivered_twice_is_told_once_by_sms_and_once_by_mail(kind: str, event: IntegrationEvent) -> None:
    world = World()
    await deliver(world, event)
    await world.work()
    await deliver(world, event)
    await world.work()
    assert [len(world.sms.parcels), len(world.email.parcels)] == [1, 1]
    assert {message.request.kind for message in await world.messages()} == {kind}
    assert world.sms.parcels[0].target == "+84900000018"
    assert world.email.parcels[0].target == "mau@example.vn"


@pytest.mark.sec("LIM-17")
async def test_nobody_is_told_of_a_passkey_of_staff_who_have_no_contact_on_file() -> None:
    world = World()
    await deliver(world, PasskeyAddedV1.model_validate({**_ACCOUNT, "contact": None}))
    await world.work()
    assert await world.messages() == []


@pytest.mark.req("V-11")
@pytest.mark.sec("SEC-41")
async def test_a_change_of_contact_is_told_at_every_contact_the_earlier_one_too() -> None:
    world = World()
    contact = AccountContact(
        full_name="Nguyễn Văn Mẫu", phone="+84900000018", email="mau@example.vn", second_phone="+84900000026"
    )
    for _ in range(2):
        await deliver(world, contact_changed(contact=contact, earlier="+84900000034"))
        await world.work()
    assert sorted(sms.target for sms in world.sms.parcels) == ["+84900000018", "+84900000026", "+84900000034"]
    assert [mail.target for mail in world.email.parcels] == ["mau@example.vn"]
    assert all("7K3M-Q9TX-2HBD-V" in sms.text for sms in world.sms.parcels)
    assert "/object#7K3M-Q9TX-2HBD-V" in world.email.parcels[0].text


@pytest.mark.sec("SEC-41")
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_changed_password_is_told_with_a_link_that_locks(language: str) -> None:
    world = World()
    changed = {**_ACCOUNT, "language": language, "objection_code": "7K3M-Q9TX-2HBD-V"}
    await deliver(world, PasswordChangedV1.model_validate(changed))
    await world.work()
    (mail,) = world.email.parcels
    assert mail.text.count("/object#7K3M-Q9TX-2HBD-V") == 1
    assert "/object#7K3M-Q9TX-2HBD-V" in mail.html


async def test_an_earlier_address_is_told_by_mail() -> None:
    world = World()
    await deliver(world, contact_changed(slot="email", earlier="cu@example.vn"))
    await world.work()
    assert sorted(mail.target for mail in world.email.parcels) == ["cu@example.vn", "mau@example.vn"]


async def test_without_a_code_to_object_the_hot_line_is_named() -> None:
    world = World()
    await deliver(world, contact_changed(objection_code=None))
    await world.work()
    assert "#" not in world.email.parcels[0].text


async def test_two_facts_of_one_kind_are_told_twice() -> None:
    world = World()
    await deliver(world, rejected(), event_id="event-1")
    await deliver(world, rejected(), event_id="event-2")
    await world.work()
    assert len(world.sms.parcels) == 2


async def test_without_an_address_there_is_no_mail() -> None:
    world = World()
    await deliver(world, submitted(contact=CONTACT.model_copy(update={"email": None})))
    await world.work()
    assert [len(world.sms.parcels), len(world.email.parcels)] == [1, 0]


@pytest.mark.req("S-84")
async def test_the_copy_that_was_asked_for_is_in_the_mail() -> None:
    world = World()
    await deliver(world, submitted(form=(FormLine(field="address", value="Số 1, Phố Thử Nghiệm"),)))
    await world.work()
    assert "Địa chỉ liên hệ: Số 1, Phố Thử Nghiệm" in world.email.parcels[0].text
    assert "Thu Nghiem" not in world.sms.parcels[0].text


async def test_the_language_is_the_persons() -> None:
    world = World()
    await deliver(world, submitted(language="en"))
    await world.work()
    assert "Declaration received" in world.sms.parcels[0].text


@pytest.mark.parametrize("reason", ["logged_out", "password_changed", "locked", "expired"])
async def test_only_a_take_over_is_told_of_the_ends_of_a_session(reason: str) -> None:
    world = World()
    await deliver(world, taken_over(reason=reason))
    assert await world.messages() == []


async def test_a_dispute_of_a_person_without_a_contact_on_record_is_told_to_nobody() -> None:
    world = World()
    await deliver(world, DisputeAnsweredV1.model_validate({**_DISPUTE, "contact": None}))
    assert await world.messages() == []


def unpaid(**changes: object) -> UnpaidNoticeIssuedV1:
    months = UnpaidMonths(kind="social", employer="Công ty Mẫu", from_month="2026-01", to_month="2026-03")
    values = {
        "participant_id": "participant-1",
        "occurred_at": NOW,
        "month": "2026-05",
        "language": "vi",
        "contact": NoticeContact(full_name="Nguyễn Văn Mẫu", phone="+84900000018", email="mau@example.vn"),
        "lines": (months,),
    }
    return UnpaidNoticeIssuedV1.model_validate(values | changes)


@pytest.mark.req("V-26")
async def test_unpaid_months_are_told_once_by_mail_and_cost_no_sms() -> None:
    world = World()
    for _ in range(2):
        await deliver(world, unpaid())
        await world.work()
    assert [len(world.sms.parcels), len(world.email.parcels)] == [0, 1]
    assert "BHXH, Công ty Mẫu: 01/2026 – 03/2026" in world.email.parcels[0].text


@pytest.mark.parametrize("contact", [None, NoticeContact(full_name="Nguyễn Văn Mẫu", phone="+84900000018")])
async def test_without_an_address_unpaid_months_are_told_in_the_app_only(contact: NoticeContact | None) -> None:
    world = World()
    await deliver(world, unpaid(contact=contact))
    assert await world.messages() == []


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (submitted(contact=None), "contact_missing"),
        (rejected(reasons=None), "reasons_missing"),
        (unpaid(lines=None), "lines_missing"),
    ],
)
async def test_an_event_whose_seal_gave_nothing_is_parked(event: IntegrationEvent, code: str) -> None:
    with pytest.raises(PermanentError) as refusal:
        await deliver(World(), event)
    assert refusal.value.code == code


@pytest.mark.sec("PII-06")
async def test_a_forgotten_person_is_forgotten_under_every_id() -> None:
    cipher = PersonalDataCipher(InMemoryKeyring())
    event = PersonForgottenV1(
        participant_id="participant-1",
        occurred_at=NOW,
        accounts=(ForgottenAccount(person_id="person-1", declaration_id="declaration-1"),),
        duplicates=("participant-2",),
    )
    for _ in range(2):
        await Forgetting(Erasure(cipher)).person_forgotten(incoming(event, event_id="event-forgotten"))

    assert all([await cipher.is_forgotten(one) for one in ("participant-1", "participant-2", "person-1")])
