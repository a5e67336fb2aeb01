"""What happens to a participant without an officer: an account comes, a merge goes on."""

from datetime import datetime
from typing import assert_never

from ansinh_kit.visible_text import without_marks

from records.domain.participant import commands as asked
from records.domain.participant import events as happened
from records.domain.participant.commands import SystemCommand
from records.domain.participant.details import Contact, insurance_key, paper_key
from records.domain.participant.errors import MergeUnderWayError, SameParticipantError
from records.domain.participant.events import Mismatch, ParticipantEvent
from records.domain.participant.state import Participant


def decide_for_system(command: SystemCommand, state: Participant) -> list[ParticipantEvent]:
    match command:
        case asked.LinkAccount():
            return _link(command, state)
        case asked.FollowAccount():
            return _follow(command, state)
        case asked.CloseForMerge():
            return _close(command, state)
        case asked.AbandonMerge():
            return _abandon(command, state)
        case asked.TakeOverDuplicate():
            return _take_over(command, state)
        case _:
            assert_never(command)


def _link(command: asked.LinkAccount, state: Participant) -> list[ParticipantEvent]:
    """Link only where number, paper and name agree and no other account stands: else an officer compares (ADR-0008)."""
    if command.person_id in state.linked | state.refused | state.held.keys():
        return []
    link = happened.AccountLinked(
        participant_id=state.participant_id,
        occurred_at=command.at,
        person_id=command.person_id,
        declaration_id=command.declaration_id,
        dossier_number=command.dossier_number,
    )
    found = mismatches(command, state)
    if not found:
        return [link, *contact_taken(command.contact, state, command.at)]
    held = happened.AccountLinkHeld(**link.model_dump(), agency_code=state.agency_code, mismatches=found)
    return [held, _declared(command.person_id, command.contact, state, command.at)]


def _follow(command: asked.FollowAccount, state: Participant) -> list[ParticipantEvent]:
    """Only an account that reads the record speaks for its person; address and language stay as they are."""
    known = state.contact or Contact()
    contact = known.model_copy(update={"phone": command.phone, "email": command.email})
    if command.person_id not in state.linked or contact == known:
        return []
    return [happened.ContactChanged(participant_id=state.participant_id, occurred_at=command.at, contact=contact)]


def contact_taken(declared: Contact, state: Participant, at: datetime) -> list[ParticipantEvent]:
    """Return the change that a declaration makes to how the person is reached; none if that was known."""
    known = state.contact or Contact()
    contact = known.renewed_by(declared)
    if contact == known:
        return []
    return [happened.ContactChanged(participant_id=state.participant_id, occurred_at=at, contact=contact)]


def _declared(person_id: str, contact: Contact, state: Participant, at: datetime) -> happened.ContactDeclared:
    return happened.ContactDeclared(
        participant_id=state.participant_id, occurred_at=at, person_id=person_id, contact=contact
    )


def mismatches(command: asked.LinkAccount, state: Participant) -> tuple[Mismatch, ...]:
    """Return what speaks against the account's holder being this participant; nothing if all agrees."""
    found: list[Mismatch] = []
    name = None if state.identity is None else state.identity.full_name
    if name is None or without_marks(name) != without_marks(command.full_name):
        found.append("full_name")
    own = state.number_keys()
    if insurance_key(command.social_insurance_number) not in own:
        found.append("social_insurance_number")
    if paper_key(command.paper) not in own:
        compared = bool(state.numbers and state.numbers.papers) or command.paper_of_another
        found.append("identity_number" if compared else "identity_number_unknown")
    if state.linked:
        found.append("another_account")
    return tuple(found)


def _close(command: asked.CloseForMerge, state: Participant) -> list[ParticipantEvent]:
    if command.into == state.participant_id:
        raise SameParticipantError
    if state.absorbing:
        # Two records merging into each other at once would both be closed, and nothing be left of either.
        raise MergeUnderWayError
    return [
        happened.ParticipantMerged(
            participant_id=state.participant_id,
            occurred_at=command.at,
            merge_id=command.merge_id,
            into=command.into,
            accounts=tuple(sorted(state.linked | state.held.keys())),
        )
    ]


def _abandon(command: asked.AbandonMerge, state: Participant) -> list[ParticipantEvent]:
    if command.merge_id not in state.absorbing:
        return []
    return [
        happened.MergeAbandoned(
            participant_id=state.participant_id,
            occurred_at=command.at,
            merge_id=command.merge_id,
            duplicate_id=command.duplicate_id,
        )
    ]


def _take_over(command: asked.TakeOverDuplicate, state: Participant) -> list[ParticipantEvent]:
    if command.merge_id not in state.absorbing:
        return []
    declared = command.declared_contacts.items()
    return [
        happened.DuplicateTakenOver(
            participant_id=state.participant_id,
            occurred_at=command.at,
            merge_id=command.merge_id,
            duplicate_id=command.duplicate_id,
            accounts=command.accounts,
            held_links=command.held_links,
            guardians=command.guardians,
            barred_staff=command.barred_staff,
            former_numbers=command.former_numbers,
        ),
        *(_declared(person_id, contact, state, command.at) for person_id, contact in declared),
    ]
