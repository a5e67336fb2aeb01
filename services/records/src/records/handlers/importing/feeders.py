"""Every kind of file that can be taken in, put together. A new kind gets a line."""

from collections.abc import Mapping
from functools import partial

from ansinh_kit.clock import Clock
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.reservations import Reservations

from records.domain.benefits.entry import BenefitEntry
from records.domain.cards.entry import CardEntry
from records.domain.imports.events import FileKindName
from records.domain.visits.entry import VisitEntry
from records.handlers.benefits import BenefitBook
from records.handlers.cards import CardBook
from records.handlers.importing.contributions import ContributionFiles
from records.handlers.importing.entries import EntryFeeder, EntryKind
from records.handlers.importing.feeder import Feeder, StreamFeeder
from records.handlers.importing.participants import ParticipantFeeder
from records.handlers.importing.recorded_people import RecordedPeople
from records.handlers.participants import Participants
from records.handlers.registering import Registering
from records.handlers.visits import VisitBook
from records.storage.card_numbers import CardNumbers
from records.storage.numbers import ParticipantNumbers


def feeders_over(
    store: EventStore,
    reservations: Reservations,
    *,
    clock: Clock,
    cipher: PersonalDataCipher,
    blind_index: BlindIndex,
) -> Mapping[FileKindName, Feeder]:
    """Return what takes in each kind of row, over the store and the reservations that are written to."""
    numbers = ParticipantNumbers(reservations, blind_index)
    participants = Participants(store, numbers)
    registering = Registering(participants=participants, numbers=numbers, clock=clock)
    people = RecordedPeople(numbers=numbers, participants=participants, store=store, cipher=cipher)
    entries = partial(EntryFeeder, cipher=cipher, people=people)
    card_numbers = CardNumbers(reservations, blind_index)
    benefits = BenefitBook(store=store, clock=clock)
    cards = CardBook(store=store, clock=clock, participants=participants, card_numbers=card_numbers)
    visits = VisitBook(store=store, clock=clock)
    return {
        "participants": ParticipantFeeder(registering=registering, participants=participants, cipher=cipher),
        "contributions": StreamFeeder(ContributionFiles(), store=store, cipher=cipher, people=people),
        "benefits": entries(EntryKind(BenefitEntry, benefits.grant)),
        "cards": entries(EntryKind(CardEntry, cards.record)),
        "visits": entries(EntryKind(VisitEntry, visits.record)),
    }
