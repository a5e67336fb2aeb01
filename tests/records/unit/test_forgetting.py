"""Forgetting and restricting: the rules, and what the read models by which people are found make of it."""

from typing import Final

import pytest
from ansinh_contracts import records as contracts
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from records.domain.offices import in_charge
from records.domain.participant import commands as asked
from records.domain.participant import errors
from records.domain.participant import events as happened
from records.domain.participant.commands import ParticipantCommand
from records.domain.participant.decide import participant_decider
from records.domain.participant.events import PARTICIPANT_EVENTS, ParticipantEvent
from records.domain.participant.state import Participant
from records.messaging.participant_contracts import participant_contract

from tests.records import people as p

BASIS: Final = "Bản án số 18/2026, buộc xóa dữ liệu cá nhân"
ACCOUNT: Final = happened.ForgottenAccount(person_id=p.PERSON, declaration_id="d" * 32)

participant: Scenario[ParticipantCommand, Participant, ParticipantEvent] = Scenario(
    participant_decider, EventRegistry.of(PARTICIPANT_EVENTS)
)


def forget(legal_basis: str = BASIS) -> asked.ForgetParticipant:
    return asked.ForgetParticipant(legal_basis=legal_basis, accounts=(ACCOUNT,), duplicates=(), at=p.AT)


def forgotten() -> happened.ParticipantForgotten:
    return happened.ParticipantForgotten(**p.IDS, legal_basis=BASIS, accounts=(ACCOUNT,), duplicates=())


def restricted() -> happened.ParticipantRestricted:
    return happened.ParticipantRestricted(**p.IDS)


@pytest.mark.sec("PII-06")
def test_the_legal_basis_is_recorded_with_whom_the_others_have_to_forget() -> None:
    participant.given(p.registered(), p.linked()).when(forget()).then(forgotten())


def test_somebody_forgotten_twice_was_forgotten_once() -> None:
    participant.given(p.registered(), forgotten()).when(forget()).then()


def test_of_somebody_forgotten_nothing_new_is_recorded() -> None:
    participant.given(p.registered(), forgotten()).when(p.link()).then_raises(errors.ParticipantNotFoundError)


@pytest.mark.parametrize("named", ["6600000018", "066090000018", "Nguyễn Văn Mẫu", "nguyen van mau"])
def test_a_legal_basis_that_names_the_person_is_refused_because_it_outlives_them(named: str) -> None:
    command = forget(f"Bản án về {named} năm 2026")
    participant.given(p.registered()).when(command).then_raises(errors.LegalBasisNamesPersonError)


def test_a_duplicate_on_its_way_arrives_before_the_keys_go() -> None:
    participant.given(p.registered(), p.begun()).when(forget()).then_raises(errors.MergeUnderWayError)


def test_a_merged_record_is_forgotten_by_the_one_it_went_on_in() -> None:
    merged = happened.ParticipantMerged(**p.IDS, merge_id="1" * 32, into=p.OTHER_PID, accounts=())
    participant.given(p.registered(), merged).when(forget()).then_raises(errors.ParticipantMergedAwayError)


def test_nobody_is_forgotten_who_was_never_there() -> None:
    participant.when(forget()).then_raises(errors.ParticipantNotFoundError)


def test_a_record_is_restricted_once() -> None:
    participant.given(p.registered()).when(asked.RestrictParticipant(at=p.AT)).then(restricted())
    participant.given(p.registered(), restricted()).when(asked.RestrictParticipant(at=p.AT)).then()


@pytest.mark.parametrize(("agency", "may"), [("06601", True), ("066", False), ("07901", False)])
def test_a_restricted_record_is_for_the_very_agency_that_manages_it(agency: str, *, may: bool) -> None:
    assert in_charge(agency, "06601", restricted=True) is may
    assert in_charge("066", "06601", restricted=False)


def test_the_others_are_told_by_ids_alone() -> None:
    told = participant_contract(forgotten())
    assert isinstance(told, contracts.PersonForgottenV1)
    assert BASIS not in told.model_dump_json()
    assert told.accounts == (contracts.ForgottenAccount(person_id=p.PERSON, declaration_id="d" * 32),)
    assert participant_contract(restricted()) is None
