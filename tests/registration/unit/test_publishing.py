"""What other services are told, and what stays inside."""

import pytest
from ansinh_contracts import registration as contracts
from ansinh_kit.events import DomainEvent
from registration.domain.declaration import events as happened
from registration.domain.form_copy import FormLine
from registration.messaging.publishing import to_contract

from tests.registration import builders as b
from tests.registration.builders import recorded


def told(event: DomainEvent) -> object:
    return to_contract(recorded(event))


CONTACT = contracts.ContactDetails(full_name="Nguyễn Văn Mẫu", phone="+84900000018", email="mau@example.com")


@pytest.mark.req("S-89")
def test_the_copy_of_the_form_goes_out_with_the_receipt_if_it_was_asked_for() -> None:
    line = FormLine(field="full_name", value="Nguyễn Văn Mẫu")
    event = told(b.submitted().model_copy(update={"form_copy": (line,)}))
    assert isinstance(event, contracts.DeclarationSubmittedV1)
    assert (event.contact, event.due_at) == (CONTACT, b.DUE)
    assert event.form == (contracts.FormLine(field="full_name", value="Nguyễn Văn Mẫu"),)
    plain = told(b.submitted())
    assert isinstance(plain, contracts.DeclarationSubmittedV1)
    assert plain.form is None


@pytest.mark.sec("OTC-10")
def test_a_declaration_set_aside_gets_the_same_receipt() -> None:
    assert told(b.set_aside()) == told(b.submitted())


@pytest.mark.sec("OTC-10")
def test_a_duplicate_is_told_to_the_contact_on_file() -> None:
    event = told(b.duplicate_noticed())
    assert isinstance(event, contracts.DuplicateDeclarationNoticedV1)
    assert event.contact == CONTACT


@pytest.mark.req("S-95")
def test_a_rejection_carries_its_reasons_and_the_contact() -> None:
    event = told(b.rejected("full_name"))
    assert isinstance(event, contracts.DeclarationRejectedV1)
    assert event.contact == CONTACT
    assert event.reasons == (contracts.RejectionReason(field="full_name", code="other", text="Xin xem lại."),)
    assert event.rejected_fields == ("full_name",)


@pytest.mark.req("S-93")
def test_a_valid_declaration_names_the_holder_for_auth() -> None:
    event = told(b.found_valid())
    assert isinstance(event, contracts.DeclarationValidV1)
    assert event.holder == contracts.AccountHolder(
        social_insurance_number="6600000018",
        identity_kind="citizen_id",
        identity_number="066090000018",
        full_name="Nguyễn Văn Mẫu",
        phone="+84900000018",
        email="mau@example.com",
    )


@pytest.mark.req("S-85")
def test_a_valid_declaration_tells_records_how_to_reach_the_participant_and_where_it_lives() -> None:
    event = told(b.found_valid())
    assert isinstance(event, contracts.DeclarationValidV1)
    assert event.participant is not None
    assert (event.participant.phone, event.participant.email) == ("+84900000018", "mau@example.com")
    assert event.participant.address == contracts.DeclaredAddress(**b.residence().model_dump())


def test_claims_corrections_sent_again_and_withdrawals_are_told() -> None:
    assert isinstance(told(b.claimed()), contracts.DeclarationAssignedV1)
    assert isinstance(told(b.resubmitted("full_name")), contracts.DeclarationResubmittedV1)
    assert isinstance(told(b.withdrawn()), contracts.DeclarationWithdrawnV1)


@pytest.mark.parametrize(
    "event",
    [
        b.started(),
        b.filled_in(),
        b.attached("portrait"),
        happened.DeclarationWithdrawn(**b.IDS, dossier_number=None, agency_code=None),
    ],
    ids=lambda event: event.event_type,
)
def test_a_draft_is_nobody_elses_business(event: DomainEvent) -> None:
    assert told(event) is None


def test_of_a_forgotten_person_nothing_personal_is_left_to_tell() -> None:
    erased = b.found_valid().model_copy(update={"holder": None, "contact": None})
    event = told(erased)
    assert isinstance(event, contracts.DeclarationValidV1)
    assert event.holder is None
