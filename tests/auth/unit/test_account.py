import pytest
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from auth.domain.account import (
    ACCOUNT,
    ACCOUNT_EVENTS,
    AccountAlreadyOpenError,
    AccountNotOpenError,
    FurtherDeclarationNoted,
    NoteFurtherDeclaration,
)

from tests.auth.builders import ACCOUNT_ID, NOW, PERSON_ID, account_opened, open_account

account = Scenario(ACCOUNT, EventRegistry.of(ACCOUNT_EVENTS))
note = NoteFurtherDeclaration(declaration_id="e" * 32, dossier_number="06601-2026-000002", now=NOW)
noted = FurtherDeclarationNoted(
    account_id=ACCOUNT_ID,
    person_id=PERSON_ID,
    declaration_id="e" * 32,
    dossier_number="06601-2026-000002",
    noted_at=NOW,
)


@pytest.mark.req("S-93")
def test_a_valid_declaration_opens_an_account() -> None:
    account.when(open_account()).then(account_opened())


def test_the_same_declaration_opens_it_once() -> None:
    account.given(account_opened()).when(open_account()).then()


def test_another_declaration_cannot_open_an_open_account() -> None:
    account.given(account_opened()).when(open_account(declaration_id="f" * 32)).then_raises(AccountAlreadyOpenError)


def test_a_further_declaration_is_noted_once() -> None:
    account.given(account_opened()).when(note).then(noted)
    account.given(account_opened(), noted).when(note).then()


def test_a_declaration_cannot_be_noted_before_the_account_is_open() -> None:
    account.when(note).then_raises(AccountNotOpenError)


def test_the_account_answers_for_every_dossier_of_the_person() -> None:
    state = ACCOUNT.fold([account_opened(), noted])
    assert state.dossiers == ("06601-2026-000001", "06601-2026-000002")
