from datetime import timedelta

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

LATER = NOW + timedelta(days=400)
account = Scenario(ACCOUNT, EventRegistry.of(ACCOUNT_EVENTS))
note = NoteFurtherDeclaration(
    declaration_id="e" * 32, dossier_number="06601-2026-000002", agency_code="07901", found_valid_at=LATER, now=LATER
)
noted = FurtherDeclarationNoted(
    account_id=ACCOUNT_ID,
    person_id=PERSON_ID,
    declaration_id="e" * 32,
    dossier_number="06601-2026-000002",
    agency_code="07901",
    found_valid_at=LATER,
    noted_at=LATER,
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


@pytest.mark.sec("API-01")
def test_the_agency_that_found_the_declaration_valid_is_in_charge_and_the_provincial_one_above() -> None:
    state = ACCOUNT.fold([account_opened()])
    asked = ("06601", "066", "06602", "079", "0660", "")
    assert [agency for agency in asked if state.is_in_charge(agency)] == ["06601", "066"]


@pytest.mark.sec("API-01")
def test_nobody_is_in_charge_of_an_account_that_is_not_there() -> None:
    assert not ACCOUNT.fold([]).is_in_charge("066")


@pytest.mark.sec("API-01")
def test_who_declares_to_another_agency_is_its_business_from_then_on() -> None:
    state = ACCOUNT.fold([account_opened(), noted])
    assert (state.is_in_charge("07901"), state.is_in_charge("06601")) == (True, False)


@pytest.mark.sec("API-01")
def test_an_earlier_finding_that_is_heard_late_moves_nothing() -> None:
    late = noted.model_copy(update={"found_valid_at": NOW - timedelta(days=1)})
    assert ACCOUNT.fold([account_opened(), late]).is_in_charge("06601")


@pytest.mark.sec("API-01")
@pytest.mark.parametrize(("dossier", "agency_code"), [("00018/2026/06601", "06601"), ("00018/2026/07900", "079")])
def test_of_an_account_from_before_agencies_were_named_the_dossier_names_it(dossier: str, agency_code: str) -> None:
    older = account_opened(agency_code=None, found_valid_at=None, dossier_number=dossier)
    assert ACCOUNT.fold([older]).is_in_charge(agency_code)
