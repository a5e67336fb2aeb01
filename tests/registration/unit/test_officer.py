"""What an officer may do, and with which declarations."""

import pytest
from ansinh_kit.errors import ConcurrencyConflictError
from registration.domain.declaration import commands as asked
from registration.domain.declaration import errors
from registration.domain.declaration import events as happened
from registration.domain.declaration.commands import DeclarationCommand

from tests.registration import builders as b
from tests.registration.builders import scenario


def test_a_waiting_declaration_can_be_claimed_once() -> None:
    scenario.given(*b.SUBMITTED).when(b.claim()).then(b.claimed())
    scenario.given(*b.CHECKING).when(b.claim()).then()


def test_a_declaration_claimed_by_a_colleague_cannot_be_claimed() -> None:
    refusal = scenario.given(*b.CHECKING).when(b.claim(b.COLLEAGUE)).then_raises(errors.AlreadyClaimedError)
    assert refusal.claimed_by == b.OFFICER.officer_id


@pytest.mark.parametrize("history", [(*b.DRAFT, b.set_aside()), b.REJECTED, b.VALID, b.WITHDRAWN])
def test_only_waiting_declarations_can_be_claimed(history: tuple[happened.DeclarationEvent, ...]) -> None:
    scenario.given(*history).when(b.claim()).then_raises(errors.NotInQueueError)


def test_a_draft_does_not_exist_for_officers() -> None:
    scenario.given(*b.DRAFT).when(b.claim()).then_raises(errors.DeclarationNotFoundError)


@pytest.mark.req("S-97")
@pytest.mark.parametrize(
    "command",
    [b.claim(b.STRANGER), b.release(b.STRANGER), b.reject(b.reason(), officer=b.STRANGER), b.find_valid(b.STRANGER)],
    ids=lambda command: type(command).__name__,
)
def test_a_declaration_does_not_exist_for_another_agency(command: DeclarationCommand) -> None:
    scenario.given(*b.CHECKING).when(command).then_raises(errors.DeclarationNotFoundError)


@pytest.mark.parametrize("history", [b.SUBMITTED, (*b.SUBMITTED, b.claimed(b.COLLEAGUE))])
def test_an_officer_who_has_not_claimed_the_declaration_cannot_decide_it(
    history: tuple[happened.DeclarationEvent, ...],
) -> None:
    scenario.given(*history).when(b.find_valid()).then_raises(errors.NotClaimedError)
    scenario.given(*history).when(b.reject(b.reason())).then_raises(errors.NotClaimedError)


def test_only_who_claimed_it_releases_it() -> None:
    (event,) = scenario.given(*b.CHECKING).when(b.release()).events
    assert isinstance(event, happened.DeclarationReleased)
    scenario.given(*b.CHECKING).when(b.release(b.COLLEAGUE)).then_raises(errors.NotClaimedError)
    scenario.given(*b.SUBMITTED).when(b.release()).then_raises(errors.NotClaimedError)


def test_a_released_declaration_waits_again_for_anyone() -> None:
    released = happened.DeclarationReleased(**b.IDS, officer_id=b.OFFICER.officer_id)
    scenario.given(*b.CHECKING, released).when(b.claim(b.COLLEAGUE)).then(b.claimed(b.COLLEAGUE))


@pytest.mark.req("S-93")
def test_a_declaration_found_valid_names_the_holder_of_the_account() -> None:
    scenario.given(*b.CHECKING).when(b.find_valid()).then(b.found_valid())


@pytest.mark.req("S-97")
def test_a_declaration_is_decided_once() -> None:
    scenario.given(*b.VALID).when(b.find_valid()).then_raises(errors.AlreadyDecidedError)
    scenario.given(*b.VALID).when(b.reject(b.reason())).then_raises(errors.AlreadyDecidedError)
    scenario.given(*b.REJECTED).when(b.find_valid()).then_raises(errors.AlreadyDecidedError)


def test_a_decision_on_a_stale_version_is_refused() -> None:
    seen = len(b.CHECKING) - 1
    scenario.given(*b.CHECKING).when(b.find_valid(), expected_version=seen).then_raises(ConcurrencyConflictError)


@pytest.mark.req("S-95")
def test_a_rejection_names_the_fields_and_whom_to_tell() -> None:
    outcome = scenario.given(*b.CHECKING).when(b.reject(b.reason("full_name"), b.reason("portrait")))
    outcome.then(b.rejected("full_name", "portrait"))


@pytest.mark.req("S-97")
def test_a_rejection_needs_a_reason() -> None:
    scenario.given(*b.CHECKING).when(b.reject()).then_raises(errors.ReasonMissingError)


@pytest.mark.parametrize(("field", "code"), [("agency_code", "other"), ("phone", "unreadable"), ("phone", "mood")])
def test_a_rejection_with_an_unknown_field_or_reason_is_refused(field: str, code: str) -> None:
    refusal = scenario.given(*b.CHECKING).when(b.reject(b.reason(field, code))).then_raises(errors.UnknownReasonError)
    assert refusal.fields == [field]


def test_a_withdrawn_declaration_cannot_be_approved() -> None:
    scenario.given(*b.CHECKING, b.withdrawn()).when(b.find_valid()).then_raises(errors.NotInQueueError)


def test_a_forgotten_person_cannot_be_approved() -> None:
    erased = (b.started(), happened.FormFilledIn(**b.IDS, form=None), *b.CHECKING[2:])
    scenario.given(*erased).when(b.find_valid()).then_raises(errors.IncompleteDeclarationError)


def test_the_account_of_a_valid_declaration_is_noted_once() -> None:
    opened = asked.NoteAccountOpened(account_id="c" * 32, at=b.AT)
    activated = asked.NoteAccountActivated(account_id="c" * 32, at=b.AT)
    note = happened.AccountOpenedForDeclarant(**b.IDS, account_id="c" * 32)
    done = happened.AccountActivatedByDeclarant(**b.IDS, account_id="c" * 32)
    scenario.given(*b.VALID).when(opened).then(note)
    scenario.given(*b.VALID, note).when(opened).then()
    scenario.given(*b.VALID, note).when(activated).then(done)
    scenario.given(*b.VALID, note, done).when(activated).then()
    scenario.given(*b.SUBMITTED).when(opened).then_raises(errors.NotValidError)
    scenario.given(*b.SUBMITTED).when(activated).then_raises(errors.NotValidError)


def test_the_contact_on_file_is_told_of_duplicates_at_most_once_a_day() -> None:
    notice = asked.NoticeDuplicate(other_declaration_id="0" * 32, at=b.AT)
    (told,) = scenario.given(*b.SUBMITTED).when(notice).events
    assert isinstance(told, happened.DuplicateNoticed)
    assert told.contact == b.contact()
    scenario.given(*b.SUBMITTED, told).when(notice).then()
    next_day = asked.NoticeDuplicate(other_declaration_id="0" * 32, at=b.AT.replace(day=b.AT.day + 1))
    assert len(scenario.given(*b.SUBMITTED, told).when(next_day).events) == 1
    scenario.given(*b.WITHDRAWN).when(notice).then()
