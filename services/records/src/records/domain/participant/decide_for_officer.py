"""What officers of the managing agency may do to a participant."""

from datetime import datetime
from typing import TypedDict, assert_never

from records.domain.offices import Officer, in_charge
from records.domain.participant import commands as asked
from records.domain.participant import events as happened
from records.domain.participant.commands import OfficerCommand
from records.domain.participant.decide_for_system import contact_taken
from records.domain.participant.errors import (
    GuardianNotAppointedError,
    LinkNotHeldError,
    LinkNotStandingError,
    NotAMinorError,
    OwnGuardianError,
    ParticipantNotFoundError,
    SameParticipantError,
    StaffBarredError,
    StaffNotBarredError,
)
from records.domain.participant.events import ParticipantEvent
from records.domain.participant.state import Participant


def refuse_unless_managed(officer: Officer, state: Participant) -> None:
    """Return if the officer's agency is in charge of the participant, and the officer may act for it here.

    Raises:
        ParticipantNotFoundError: It is not, or there is no such participant: nobody learns which.
        StaffBarredError: The record is the officer's own, or of somebody close.
    """
    if state.status in {"absent", "forgotten"} or not in_charge(
        officer.agency_code, state.agency_code, restricted=state.restricted
    ):
        raise ParticipantNotFoundError
    if officer.officer_id in state.barred_staff:
        raise StaffBarredError


def decide_for_officer(command: OfficerCommand, state: Participant) -> list[ParticipantEvent]:
    refuse_unless_managed(command.officer, state)
    match command:
        case asked.CorrectIdentity() | asked.ChangeNumbers() | asked.ChangeContact() | asked.ChangeManagingAgency():
            return _change(command, state)
        case asked.ConfirmLink() | asked.RefuseLink() | asked.UnlinkAccount():
            return _settle_link(command, state)
        case asked.AppointGuardian():
            return _appoint_guardian(command, state)
        case asked.EndGuardian():
            return _end_guardian(command, state)
        case asked.BarStaff() | asked.LiftStaffBar():
            return _bar(command, state)
        case asked.BeginMerge():
            return _begin_merge(command, state)
        case _:
            assert_never(command)


def _change(
    command: asked.CorrectIdentity | asked.ChangeNumbers | asked.ChangeContact | asked.ChangeManagingAgency,
    state: Participant,
) -> list[ParticipantEvent]:
    """What is as it was makes no event: it would say that something changed."""
    ids = _of(state, command.at)
    match command:
        case asked.CorrectIdentity(identity=identity) if identity != state.identity:
            return [happened.IdentityCorrected(**ids, identity=identity)]
        case asked.ChangeNumbers(numbers=numbers) if numbers != state.numbers:
            return [happened.NumbersChanged(**ids, numbers=numbers, mistaken=_mistaken(command, state))]
        case asked.ChangeContact(contact=contact) if contact != state.contact:
            return [happened.ContactChanged(**ids, contact=contact)]
        case asked.ChangeManagingAgency(agency_code=agency_code) if agency_code != state.agency_code:
            return [happened.ManagingAgencyChanged(**ids, agency_code=agency_code)]
        case _:
            return []


def _mistaken(command: asked.ChangeNumbers, state: Participant) -> tuple[tuple[str, str], ...]:
    if state.numbers is None or not command.dropped_were_mistaken:
        return ()
    return tuple(sorted(state.numbers.number_keys() - command.numbers.number_keys()))


def _settle_link(
    command: asked.ConfirmLink | asked.RefuseLink | asked.UnlinkAccount, state: Participant
) -> list[ParticipantEvent]:
    ids, person_id, officer_id = _of(state, command.at), command.person_id, command.officer.officer_id
    match command:
        case asked.UnlinkAccount():
            if person_id not in state.linked:
                raise LinkNotStandingError
            return [happened.AccountUnlinked(**ids, person_id=person_id, officer_id=officer_id)]
        case asked.RefuseLink():
            _held_link(state, person_id)
            return [happened.AccountLinkRefused(**ids, person_id=person_id, officer_id=officer_id)]
        case asked.ConfirmLink():
            linked = happened.AccountLinked(**ids, **_held_link(state, person_id).model_dump())
            declared = state.declared.get(person_id)
            return [linked] if declared is None else [linked, *contact_taken(declared, state, command.at)]
        case _:
            assert_never(command)


def _held_link(state: Participant, person_id: str) -> happened.HeldLink:
    if person_id not in state.held:
        raise LinkNotHeldError
    return state.held[person_id]


def _appoint_guardian(command: asked.AppointGuardian, state: Participant) -> list[ParticipantEvent]:
    if command.guardian_id == state.participant_id:
        raise OwnGuardianError
    if not state.is_minor(command.today):
        raise NotAMinorError
    if command.guardian_id in state.guardians:
        return []
    return [
        happened.GuardianAppointed(**_of(state, command.at), guardian_id=command.guardian_id, relation=command.relation)
    ]


def _end_guardian(command: asked.EndGuardian, state: Participant) -> list[ParticipantEvent]:
    ended = [each for each in command.guardian_ids if each in state.guardians]
    if not ended:
        raise GuardianNotAppointedError
    return [happened.GuardianEnded(**_of(state, command.at), guardian_id=each) for each in ended]


def _bar(command: asked.BarStaff | asked.LiftStaffBar, state: Participant) -> list[ParticipantEvent]:
    """Who is barred has been refused by now: a bar is lifted by somebody else only."""
    ids, staff_id, officer_id = _of(state, command.at), command.staff_id, command.officer.officer_id
    is_barred = staff_id in state.barred_staff
    match command:
        case asked.BarStaff():
            return [] if is_barred else [happened.StaffBarred(**ids, staff_id=staff_id, officer_id=officer_id)]
        case asked.LiftStaffBar():
            if not is_barred:
                raise StaffNotBarredError
            return [happened.StaffBarLifted(**ids, staff_id=staff_id, officer_id=officer_id)]
        case _:
            assert_never(command)


def _begin_merge(command: asked.BeginMerge, state: Participant) -> list[ParticipantEvent]:
    if command.duplicate_id == state.participant_id or command.duplicate_id in state.absorbed:
        raise SameParticipantError
    if command.duplicate_id in state.absorbing.values():
        return []
    return [
        happened.MergeBegun(
            **_of(state, command.at),
            merge_id=command.merge_id,
            duplicate_id=command.duplicate_id,
            officer_id=command.officer.officer_id,
        )
    ]


class _Of(TypedDict):
    participant_id: str
    occurred_at: datetime


def _of(state: Participant, at: datetime) -> _Of:
    return {"participant_id": state.participant_id, "occurred_at": at}
