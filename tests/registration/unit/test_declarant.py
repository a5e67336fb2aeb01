"""What the declarant may do, from the draft to the withdrawal."""

import pytest
from registration.domain.declaration import commands as asked
from registration.domain.declaration import errors
from registration.domain.declaration import events as happened
from registration.domain.photos import PHOTO_KINDS, PhotoKind

from tests.registration import builders as b
from tests.registration.builders import scenario


def test_a_declaration_starts_as_a_draft() -> None:
    start = asked.StartDeclaration(
        declaration_id="d" * 32, person_id="e" * 32, token_hash="f" * 64, language="vi", at=b.AT
    )
    scenario.given().when(start).then(b.started())
    scenario.given(b.started()).when(start).then_raises(errors.AlreadyStartedError)


def test_nothing_can_be_asked_of_a_declaration_that_does_not_exist() -> None:
    for command in (b.fill_in(), b.submit(), b.withdraw(), b.claim(), b.find_valid()):
        scenario.given().when(command).then_raises(errors.DeclarationNotFoundError)


def test_a_form_filled_in_twice_alike_changes_nothing() -> None:
    scenario.given(b.started(), b.filled_in()).when(b.fill_in()).then()


def test_a_complete_draft_can_be_submitted() -> None:
    scenario.given(*b.DRAFT).when(b.submit()).then(b.submitted())


@pytest.mark.req("S-62")
@pytest.mark.req("S-81")
@pytest.mark.parametrize("kind", PHOTO_KINDS)
def test_a_draft_without_one_of_the_photos_cannot_be_submitted(kind: PhotoKind) -> None:
    photos = [b.attached(other) for other in PHOTO_KINDS if other != kind]
    refusal = scenario.given(b.started(), b.filled_in(), *photos).when(b.submit())
    assert refusal.then_raises(errors.IncompleteDeclarationError).fields == [kind]


@pytest.mark.req("S-64")
@pytest.mark.req("S-74")
@pytest.mark.parametrize(
    "field",
    ["social_insurance_number", "full_name", "identity", "address", "phone", "agency_code", "paper_delivery"],
)
def test_an_empty_required_field_is_pointed_out(field: str) -> None:
    photos = [b.attached(kind) for kind in PHOTO_KINDS]
    refusal = scenario.given(b.started(), b.filled_in(**{field: None}), *photos).when(b.submit())
    assert refusal.then_raises(errors.IncompleteDeclarationError).fields == [field]


@pytest.mark.req("S-69")
def test_a_declaration_without_the_pledge_cannot_be_submitted() -> None:
    photos = [b.attached(kind) for kind in PHOTO_KINDS]
    refusal = scenario.given(b.started(), b.filled_in(pledge_accepted=False), *photos).when(b.submit())
    assert refusal.then_raises(errors.IncompleteDeclarationError).fields == ["pledge_accepted"]


def test_a_second_open_declaration_of_the_same_person_is_refused() -> None:
    outcome = scenario.given(*b.DRAFT).when(b.submit(open_declaration_id="0" * 32))
    assert outcome.then_raises(errors.SecondOpenDeclarationError).open_declaration_id == "0" * 32


def test_the_refusal_of_a_second_declaration_shows_no_fact() -> None:
    assert errors.SecondOpenDeclarationError("0" * 32).facts() == {}


def test_a_declaration_set_aside_has_the_number_and_looks_submitted() -> None:
    aside = asked.SetDeclarationAside(
        dossier_number=b.DOSSIER, due_at=b.DUE, open_declaration_id="0" * 32, names=b.NAMES, at=b.AT
    )
    scenario.given(*b.DRAFT).when(aside).then(b.set_aside())
    refusal = scenario.given(*b.DRAFT, b.set_aside()).when(b.submit())
    assert refusal.then_raises(errors.AlreadySubmittedError).status == "submitted"


@pytest.mark.req("S-88")
def test_a_declaration_is_submitted_once() -> None:
    scenario.given(*b.SUBMITTED).when(b.submit()).then_raises(errors.AlreadySubmittedError)


@pytest.mark.parametrize("history", [b.SUBMITTED, b.CHECKING, b.VALID, b.WITHDRAWN])
def test_form_and_photos_are_closed_while_the_agency_has_them(history: tuple[happened.DeclarationEvent, ...]) -> None:
    scenario.given(*history).when(b.fill_in(full_name="Trần Thị Thử")).then_raises(errors.FormClosedError)
    scenario.given(*history).when(b.attach("portrait")).then_raises(errors.FormClosedError)


@pytest.mark.req("S-96")
def test_a_rejected_field_can_be_corrected_and_the_others_are_kept() -> None:
    outcome = scenario.given(*b.REJECTED).when(b.fill_in(full_name="Nguyễn Văn Mẩu"))
    expected = happened.FieldsCorrected(
        **b.IDS, corrected_fields=("full_name",), form=b.form(full_name="Nguyễn Văn Mẩu")
    )
    outcome.then(expected)


def test_a_field_that_was_accepted_cannot_be_changed() -> None:
    outcome = scenario.given(*b.REJECTED).when(b.fill_in(full_name="Nguyễn Văn Mẩu", phone="0900000026"))
    assert outcome.then_raises(errors.FieldNotRejectedError).fields == ["phone"]


def test_a_photo_that_was_accepted_cannot_be_changed() -> None:
    outcome = scenario.given(*b.REJECTED).when(b.attach("identity_front"))
    assert outcome.then_raises(errors.FieldNotRejectedError).fields == ["identity_front"]


@pytest.mark.req("S-96")
def test_a_corrected_declaration_goes_back_under_its_dossier_number_and_names_what_changed() -> None:
    corrected = happened.FieldsCorrected(
        **b.IDS, corrected_fields=("full_name",), form=b.form(full_name="Nguyễn Văn Mẩu")
    )
    outcome = scenario.given(*b.REJECTED, corrected, b.attached("portrait", "b")).when(b.resubmit())
    (event,) = outcome.events
    assert isinstance(event, happened.DeclarationResubmitted)
    assert event.dossier_number == b.DOSSIER
    assert event.changed_fields == ("full_name", "portrait")


def test_a_declaration_with_an_uncorrected_field_cannot_be_sent_again() -> None:
    outcome = scenario.given(*b.REJECTED, b.attached("portrait", "b")).when(b.resubmit())
    assert outcome.then_raises(errors.NotCorrectedError).fields == ["full_name"]


def test_a_correction_taken_back_is_no_correction() -> None:
    there = happened.FieldsCorrected(**b.IDS, corrected_fields=("full_name",), form=b.form(full_name="Lê Văn Khác"))
    back = happened.FieldsCorrected(**b.IDS, corrected_fields=("full_name",), form=b.form())
    outcome = scenario.given(*b.REJECTED, there, back, b.attached("portrait", "b")).when(b.resubmit())
    assert outcome.then_raises(errors.NotCorrectedError).fields == ["full_name"]


def test_a_corrected_number_of_another_open_declaration_is_refused() -> None:
    corrected = happened.FieldsCorrected(
        **b.IDS, corrected_fields=("full_name",), form=b.form(full_name="Nguyễn Văn Mẩu")
    )
    outcome = scenario.given(*b.REJECTED, corrected, b.attached("portrait", "b"))
    outcome.when(b.resubmit(open_declaration_id="0" * 32)).then_raises(errors.SecondOpenDeclarationError)


@pytest.mark.parametrize("history", [b.DRAFT, b.SUBMITTED, b.CHECKING, b.VALID, b.WITHDRAWN])
def test_only_a_rejected_declaration_is_sent_again(history: tuple[happened.DeclarationEvent, ...]) -> None:
    scenario.given(*history).when(b.resubmit()).then_raises(errors.NotRejectedError)


@pytest.mark.parametrize("history", [b.DRAFT, b.SUBMITTED, b.CHECKING])
def test_a_declaration_can_be_withdrawn_before_the_decision(history: tuple[happened.DeclarationEvent, ...]) -> None:
    (event,) = scenario.given(*history).when(b.withdraw()).events
    assert isinstance(event, happened.DeclarationWithdrawn)


@pytest.mark.parametrize("history", [b.VALID, b.REJECTED])
def test_a_decided_declaration_cannot_be_withdrawn(history: tuple[happened.DeclarationEvent, ...]) -> None:
    scenario.given(*history).when(b.withdraw()).then_raises(errors.AlreadyDecidedError)


def test_a_declaration_is_withdrawn_once() -> None:
    scenario.given(*b.WITHDRAWN).when(b.withdraw()).then_raises(errors.AlreadyWithdrawnError)
