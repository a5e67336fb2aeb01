"""Puts the use cases together over the things that differ between a process and a test."""

from dataclasses import dataclass

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.reservations import Reservations

from registration.domain.deadline import OfficeCalendar
from registration.handlers.drafting import Drafting
from registration.handlers.overview import Overviews
from registration.handlers.reactions import AccountSteps
from registration.handlers.reviewing import Reviewing
from registration.handlers.sending import Sending
from registration.storage.dossier_numbers import DossierNumbers
from registration.storage.open_declarations import OpenDeclarations
from registration.storage.photo_cleaner import Cleaner
from registration.storage.photos import Files, Photos
from registration.storage.reference import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the use cases stand on; tests give memory and a fixed clock."""

    store: EventStore
    clock: Clock
    ids: IdGenerator
    cipher: PersonalDataCipher
    files: Files
    reservations: Reservations
    numbers: DossierNumbers
    reference: Reference
    blind_index: BlindIndex
    calendar: OfficeCalendar
    cleaner: Cleaner


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    drafting: Drafting
    sending: Sending
    reviewing: Reviewing
    overviews: Overviews
    account_steps: AccountSteps


def build_use_cases(on: Surroundings) -> UseCases:
    """Return everything the service can do; nothing is read or written yet."""
    photos = Photos(on.files, on.cipher, on.ids)
    open_declarations = OpenDeclarations(on.reservations, on.blind_index)
    return UseCases(
        drafting=Drafting(
            store=on.store,
            clock=on.clock,
            ids=on.ids,
            reference=on.reference,
            cleaner=on.cleaner,
            photos=photos,
            open_declarations=open_declarations,
        ),
        sending=Sending(
            store=on.store,
            clock=on.clock,
            numbers=on.numbers,
            open_declarations=open_declarations,
            reference=on.reference,
            calendar=on.calendar,
        ),
        reviewing=Reviewing(store=on.store, clock=on.clock, photos=photos, reference=on.reference),
        overviews=Overviews(on.store),
        account_steps=AccountSteps(on.store),
    )
