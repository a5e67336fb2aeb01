"""By what people can be found who ask for their own number: blind indexes, and the number as it is told (V-02)."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.projections.projection import ViewIndex

from records.domain.look_up.number_keys import KnownPerson, keys_of
from records.domain.offices import province_of
from records.domain.participant import events as happened
from records.domain.participant.details import Contact, Identity, Numbers
from records.domain.place import Place

_PERSON: Final = "person"
NUMBER: Final = "social_insurance_number"


class NumberLookUps:
    """One document per participant: `keys` to be found by, `social_insurance_number` to be told.

    `keys` are blind indexes under the newest root key; who looks asks under all of them. A merged record is not found:
    its person is found by the one it went on in. A restricted one is found by nobody.
    """

    name = "number_look_ups"
    version = 4
    indexes: Sequence[ViewIndex] = (ViewIndex({"keys": 1}),)
    personal_fields: frozenset[str] = frozenset({_PERSON, NUMBER})

    def __init__(self, blind_index: BlindIndex) -> None:
        self._blind_index = blind_index

    def subject_of(self, document: Document) -> str:
        return str(document["participant_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case (
                happened.ParticipantRegistered()
                | happened.IdentityCorrected()
                | happened.NumbersChanged()
                | happened.ContactChanged()
                | happened.ManagingAgencyChanged()
                | happened.ParticipantMerged()
                | happened.ParticipantForgotten()
                | happened.ParticipantRestricted()
            ) as concerned:
                return (concerned.participant_id,)
            case _:
                return ()

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        if isinstance(event.event, happened.ParticipantMerged | happened.ParticipantForgotten):
            return None
        known = document[_PERSON] if document is not None and isinstance(document[_PERSON], dict) else {}
        person = known | _learnt(event.event)
        return {
            "participant_id": key,
            _PERSON: person,
            NUMBER: (person.get("numbers") or {}).get("social_insurance_number"),
            "keys": [] if person.get("restricted") else self._indexes(person),
        }

    def _indexes(self, person: dict[str, Any]) -> list[str]:
        if person.get("identity") is None or person.get("numbers") is None:
            return []  # the person was forgotten: nobody is found
        return sorted(self._blind_index.of(*key) for key in keys_of(_known_person(person)))


def _learnt(event: object) -> dict[str, Any]:
    match event:
        case happened.ParticipantRegistered():
            return {
                "identity": _dumped(event.identity),
                "numbers": _dumped(event.numbers),
                "place": _place(event.contact),
                "agency_code": event.agency_code,
            }
        case happened.IdentityCorrected():
            return {"identity": _dumped(event.identity)}
        case happened.NumbersChanged():
            return {"numbers": _dumped(event.numbers)}
        case happened.ContactChanged():
            return {"place": _place(event.contact)}
        case happened.ManagingAgencyChanged():
            return {"agency_code": event.agency_code}
        case _:
            return {"restricted": True} if isinstance(event, happened.ParticipantRestricted) else {}


def _dumped(detail: Identity | Numbers | None) -> dict[str, Any] | None:
    return None if detail is None else detail.model_dump(mode="json")


def _place(contact: Contact | None) -> dict[str, Any] | None:
    return None if contact is None or contact.place is None else contact.place.model_dump(mode="json")


def _known_person(person: dict[str, Any]) -> KnownPerson:
    return KnownPerson(
        full_name=person["identity"]["full_name"],
        province_code=province_of(person["agency_code"]),
        birth_date=person["identity"]["birth_date"],
        paper_numbers=tuple(paper["number"] for paper in person["numbers"]["papers"]),
        known_number=person["numbers"]["social_insurance_number"],
        areas=() if person.get("place") is None else Place.model_validate(person["place"]).areas(),
    )
