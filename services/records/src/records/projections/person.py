"""The personal page: who the participant is by our records, each value with all it ever was (S-24)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.participant import events as happened
from records.domain.participant.details import Contact, Identity, Numbers
from records.domain.participant.events import ParticipantEvent
from records.projections.history import Version, revise

Values = Mapping[str, Any]


class Person:
    """One document per participant: `{participant_id, agency_code, merged_into, values}`.

    `values` has the versions of each of full_name, birth_date, sex, social_insurance_number, papers, former_numbers,
    address, phone, email, place, language and agency_code; the value of a version is `{"value": …}`.
    """

    name = "person"
    version = 3
    indexes: Sequence[ViewIndex] = (ViewIndex({"agency_code": 1, "_id": 1}),)
    personal_fields: frozenset[str] = frozenset({"values"})

    def subject_of(self, document: Document) -> str:
        return str(document["participant_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        return (event.event.participant_id,) if isinstance(event.event, ParticipantEvent) else ()

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        before = document or {"participant_id": key, "agency_code": "", "merged_into": None, "values": {}}
        changes = _values_of(event.event)
        return before | _clear_fields_of(event.event) | {"values": _revised(before["values"], changes, event)}


def _revised(values: object, changes: Values, event: RecordedEvent) -> dict[str, list[Version]]:
    # Of a person who was forgotten there is nothing left to add to: the kit hands back a text in place of the values.
    known: dict[str, list[Version]] = dict(values) if isinstance(values, dict) else {}
    return known | {name: revise(known.get(name, []), event, {"value": value}) for name, value in changes.items()}


def _clear_fields_of(event: object) -> Document:
    match event:
        case happened.ParticipantRegistered() | happened.ManagingAgencyChanged():
            return {"agency_code": event.agency_code}
        case happened.ParticipantMerged():
            return {"merged_into": event.into}
        case _:
            return {}


def _values_of(event: object) -> Values:
    """Return what the event says by the names of the values; details that are erased say nothing."""
    match event:
        case happened.DuplicateTakenOver(former_numbers=Numbers() as former):
            return {"former_numbers": former.model_dump(mode="json")}
        case happened.ManagingAgencyChanged():
            return {"agency_code": event.agency_code}
        case happened.ParticipantRegistered():
            details = (event.identity, event.numbers, event.contact)
            return {"agency_code": event.agency_code} | _said(*details)
        case (
            happened.IdentityCorrected(identity=said)
            | happened.NumbersChanged(numbers=said)
            | happened.ContactChanged(contact=said)
        ):
            return _said(said)
        case _:
            return {}


def _said(*details: Identity | Numbers | Contact | None) -> dict[str, Any]:
    return {
        name: value
        for detail in details
        if detail is not None
        for name, value in detail.model_dump(mode="json").items()
    }
