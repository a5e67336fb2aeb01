"""A participant as later decisions need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, TypeVar

from records.domain.participant import events as happened
from records.domain.participant.details import Contact, Identity, NumberKey, Numbers
from records.domain.participant.events import HeldLink, ParticipantEvent

Entry = TypeVar("Entry")
MAJORITY_YEARS: Final = 18


@dataclass(frozen=True, slots=True)
class Participant:
    """Identity, numbers and contact are `None` once the person was forgotten.

    Attributes:
        former_numbers: Numbers the person once had, or a duplicate of the record: still this person's alone.
        linked: Accounts that read this record, by auth's id of their holder; `held` wait for an officer.
        declared: What the declarations of held accounts say about reaching their declarants.
        barred_staff: Members of staff who do nothing to this record: it is their own, or of somebody close.
        restricted: Only the person and the very agency that manages the record read it.
        absorbing: Duplicates on their way here, by merge; `absorbed` have arrived.
    """

    status: Literal["absent", "active", "merged", "forgotten"] = "absent"
    participant_id: str = ""
    agency_code: str = ""
    identity: Identity | None = None
    numbers: Numbers | None = None
    contact: Contact | None = None
    former_numbers: frozenset[NumberKey] = frozenset()
    linked: frozenset[str] = frozenset()
    held: Mapping[str, HeldLink] = field(default_factory=dict)
    declared: Mapping[str, Contact] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    guardians: frozenset[str] = frozenset()
    barred_staff: frozenset[str] = frozenset()
    absorbing: Mapping[str, str] = field(default_factory=dict)
    absorbed: frozenset[str] = frozenset()
    merged_into: str | None = None
    restricted: bool = False

    def number_keys(self) -> frozenset[NumberKey]:
        """Return every number that is this person's, former ones included."""
        return self.former_numbers | _keys_of(self.numbers)

    def is_minor(self, today: date) -> bool:
        """Say whether the person is surely not of age yet; `False` if the birth date is not known."""
        born = None if self.identity is None else self.identity.birth_date
        return born is not None and today < born.surely_aged(MAJORITY_YEARS)


def evolve(state: Participant, event: ParticipantEvent) -> Participant:
    match event:
        case happened.ParticipantRegistered():
            return Participant(
                status="active",
                participant_id=event.participant_id,
                agency_code=event.agency_code,
                identity=event.identity,
                numbers=event.numbers,
                contact=event.contact,
            )
        case happened.IdentityCorrected():
            return replace(state, identity=event.identity)
        case happened.NumbersChanged():
            return _renumbered(state, event)
        case happened.ContactChanged():
            return replace(state, contact=event.contact)
        case happened.ManagingAgencyChanged():
            return replace(state, agency_code=event.agency_code)
        case _:
            return _evolve_readers(state, event)


def _renumbered(state: Participant, event: happened.NumbersChanged) -> Participant:
    kept = state.number_keys() - frozenset(event.mistaken or ())
    return replace(state, numbers=event.numbers, former_numbers=kept - _keys_of(event.numbers))


def _keys_of(numbers: Numbers | None) -> frozenset[NumberKey]:
    return frozenset() if numbers is None else numbers.number_keys()


def _evolve_readers(state: Participant, event: ParticipantEvent) -> Participant:
    match event:
        case happened.GuardianAppointed():
            return replace(state, guardians=state.guardians | {event.guardian_id})
        case happened.GuardianEnded():
            return replace(state, guardians=state.guardians - {event.guardian_id})
        case happened.StaffBarred():
            return replace(state, barred_staff=state.barred_staff | {event.staff_id})
        case happened.StaffBarLifted():
            return replace(state, barred_staff=state.barred_staff - {event.staff_id})
        case _:
            return _evolve_link(state, event)


def _evolve_link(state: Participant, event: ParticipantEvent) -> Participant:
    match event:
        case happened.AccountLinked():
            return replace(_settled(state, event.person_id), linked=state.linked | {event.person_id})
        case happened.AccountLinkHeld():
            return replace(state, held={**state.held, event.person_id: _held(event)})
        case happened.AccountLinkRefused():
            return replace(_settled(state, event.person_id), refused=state.refused | {event.person_id})
        case happened.ContactDeclared(contact=Contact() as contact):
            return replace(state, declared={**state.declared, event.person_id: contact})
        case happened.AccountUnlinked():
            return replace(state, linked=state.linked - {event.person_id})
        case _:
            return _evolve_merge(state, event)


def _evolve_merge(state: Participant, event: ParticipantEvent) -> Participant:
    match event:
        case happened.MergeBegun():
            return replace(state, absorbing={**state.absorbing, event.merge_id: event.duplicate_id})
        case happened.MergeAbandoned():
            return replace(state, absorbing=_without(state.absorbing, event.merge_id))
        case happened.ParticipantMerged():
            return replace(state, status="merged", merged_into=event.into)
        case happened.DuplicateTakenOver():
            return _taken_over(state, event)
        case _:
            return _evolve_end(state, event)


def _evolve_end(state: Participant, event: ParticipantEvent) -> Participant:
    match event:
        case happened.ParticipantForgotten():
            return replace(state, status="forgotten", linked=frozenset(), held={}, declared={}, guardians=frozenset())
        case happened.ParticipantRestricted():
            return replace(state, restricted=True)
        case _:
            return state


def _taken_over(state: Participant, event: happened.DuplicateTakenOver) -> Participant:
    held = {link.person_id: link for link in event.held_links if link.person_id not in state.linked}
    return replace(
        state,
        absorbing=_without(state.absorbing, event.merge_id),
        absorbed=state.absorbed | {event.duplicate_id},
        linked=state.linked | set(event.accounts),
        held={**state.held, **held},
        guardians=state.guardians | set(event.guardians),
        barred_staff=state.barred_staff | set(event.barred_staff),
        former_numbers=state.former_numbers | (_keys_of(event.former_numbers) - _keys_of(state.numbers)),
    )


def _settled(state: Participant, person_id: str) -> Participant:
    return replace(state, held=_without(state.held, person_id), declared=_without(state.declared, person_id))


def _held(event: happened.AccountLinkHeld) -> HeldLink:
    return HeldLink(person_id=event.person_id, declaration_id=event.declaration_id, dossier_number=event.dossier_number)


def _without(entries: Mapping[str, Entry], key: str) -> dict[str, Entry]:
    return {name: entry for name, entry in entries.items() if name != key}
