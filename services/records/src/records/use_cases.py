"""Puts the use cases together over the things that differ between a process and a test."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.counters import Counters
from ansinh_kit.event_store.snapshots import Snapshots
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.reservations import Reservations
from ansinh_kit.throttling.port import Throttling

from records.domain.imports.decide import Import
from records.domain.notices.schedule import NoticeSchedule
from records.handlers.benefits import BenefitBook
from records.handlers.card_checks import CardChecks
from records.handlers.card_codes import CardCodes
from records.handlers.card_look_up import CardLookUp
from records.handlers.card_validity import CardValidity
from records.handlers.cards import CardBook
from records.handlers.contributing import Contributing
from records.handlers.contribution_merging import MergeableContributions
from records.handlers.disputable import DisputableRecords
from records.handlers.disputes import AnswerDays, Disputes
from records.handlers.escalations import Escalations
from records.handlers.export_checks import ExportChecks
from records.handlers.exporting import Exporting, Files
from records.handlers.following import Following
from records.handlers.importing.feeders import feeders_over
from records.handlers.importing.importing import Importing
from records.handlers.importing.uploads import Uploads
from records.handlers.linking import Linking
from records.handlers.look_up_limits import LookUpGuard
from records.handlers.managed_records import ManagedRecords
from records.handlers.managing import Managing
from records.handlers.merging import MergeProcess
from records.handlers.monthly_notices import MonthlyNotices
from records.handlers.noticing import Noticing
from records.handlers.number_look_up import NumberLookUp
from records.handlers.openings import Openings
from records.handlers.own_records import OwnRecords
from records.handlers.participants import Participants
from records.handlers.participation import ParticipationReading
from records.handlers.period_feeding import PeriodFeeding
from records.handlers.record_ids import RecordIds
from records.handlers.registering import Registering
from records.handlers.row_history import RowHistories, row_histories
from records.handlers.visits import VisitBook
from records.projections.catalogue import ReadModels
from records.projections.read_model import ReadModel
from records.storage.card_numbers import CardNumbers
from records.storage.dispute_numbers import DisputeNumbers
from records.storage.import_files import ImportFiles
from records.storage.import_reports import ImportReports
from records.storage.notice_runs import NoticeRuns
from records.storage.numbers import ParticipantNumbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the use cases stand on; tests give memory and a fixed clock."""

    store: EventStore
    clock: Clock
    ids: IdGenerator
    cipher: PersonalDataCipher
    reservations: Reservations
    blind_index: BlindIndex
    read_models: ReadModels
    number_look_ups: ReadModel
    counters: Counters
    throttles: Throttling
    opening_lasts: timedelta
    answer_days: AnswerDays
    notice_schedule: NoticeSchedule
    notice_runs: NoticeRuns
    import_reports: ImportReports
    import_snapshots: Snapshots[Import]
    import_files: ImportFiles
    card_codes: CardCodes
    export_files: Files
    export_check_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Everything the service can do, by who asks for it."""

    participants: Participants
    registering: Registering
    managing: Managing
    linking: Linking
    following: Following
    merging: MergeProcess
    own_records: OwnRecords
    record_ids: RecordIds
    histories: RowHistories
    openings: Openings
    disputes: Disputes
    escalations: Escalations
    monthly_notices: MonthlyNotices
    number_look_up: NumberLookUp
    card_validity: CardValidity
    contributing: Contributing
    period_feeding: PeriodFeeding
    participation: ParticipationReading
    importing: Importing
    uploads: Uploads
    benefits: BenefitBook
    cards: CardBook
    card_look_up: CardLookUp
    card_checks: CardChecks
    visits: VisitBook
    exporting: Exporting
    export_checks: ExportChecks


def build_use_cases(on: Surroundings) -> UseCases:
    """Return everything the service can do; nothing is read or written yet."""
    numbers = ParticipantNumbers(on.reservations, on.blind_index)
    participants = Participants(on.store, numbers)
    record_ids = RecordIds(participants)
    histories = row_histories(on.read_models, record_ids)
    contributing = Contributing(store=on.store, clock=on.clock)
    contributions = MergeableContributions(store=on.store, clock=on.clock)
    registering = Registering(participants=participants, numbers=numbers, clock=on.clock)
    managed = ManagedRecords(participants)
    disputes = Disputes(
        store=on.store,
        clock=on.clock,
        disputants=managed,
        disputable=DisputableRecords(on.store),
        numbers=DisputeNumbers(on.counters),
        answer_days=on.answer_days,
    )
    importing = _importing(on)
    benefits = BenefitBook(store=on.store, clock=on.clock)
    card_numbers = CardNumbers(on.reservations, on.blind_index)
    cards = CardBook(store=on.store, clock=on.clock, participants=participants, card_numbers=card_numbers)
    visits = VisitBook(store=on.store, clock=on.clock)
    look_up = CardLookUp(store=on.store, participants=participants, card_numbers=card_numbers, clock=on.clock)
    guard = LookUpGuard(on.throttles, on.blind_index, on.clock)
    return UseCases(
        participants=participants,
        registering=registering,
        managing=Managing(participants=participants, record_ids=record_ids, clock=on.clock, cipher=on.cipher),
        linking=Linking(participants=participants, registering=registering, cipher=on.cipher, clock=on.clock),
        following=Following(
            participants=participants,
            account_links=on.read_models.account_links,
            cipher=on.cipher,
            clock=on.clock,
        ),
        merging=MergeProcess(
            store=on.store,
            participants=participants,
            clock=on.clock,
            streams=(contributions, benefits, cards, visits),
        ),
        own_records=OwnRecords(
            participants=participants,
            record_ids=record_ids,
            account_links=on.read_models.account_links,
            clock=on.clock,
        ),
        record_ids=record_ids,
        openings=Openings(store=on.store, clock=on.clock, records=managed, lasts=on.opening_lasts),
        disputes=disputes,
        escalations=Escalations(disputes=disputes, overview=on.read_models.disputes, clock=on.clock),
        monthly_notices=_monthly_notices(on, participants),
        number_look_up=NumberLookUp(
            people=on.number_look_ups,
            blind_index=on.blind_index,
            guard=guard,
        ),
        card_validity=CardValidity(look_up=look_up, guard=guard),
        contributing=contributing,
        period_feeding=PeriodFeeding(
            store=on.store, participants=participants, contributing=contributing, clock=on.clock
        ),
        participation=ParticipationReading(histories.periods, histories.benefits),
        histories=histories,
        importing=importing,
        uploads=Uploads(
            importing=importing,
            files=on.import_files,
            imports=on.read_models.imports,
            throttles=on.throttles,
            ids=on.ids,
            clock=on.clock,
        ),
        benefits=benefits,
        cards=cards,
        card_look_up=look_up,
        card_checks=CardChecks(codes=on.card_codes, look_up=look_up, clock=on.clock),
        visits=visits,
        exporting=Exporting(
            store=on.store,
            files=on.export_files,
            throttles=on.throttles,
            clock=on.clock,
            check_address=on.export_check_address,
        ),
        export_checks=ExportChecks(store=on.store, throttles=on.throttles, blind_index=on.blind_index, clock=on.clock),
    )


def _monthly_notices(on: Surroundings, participants: Participants) -> MonthlyNotices:
    schedule = on.notice_schedule
    return MonthlyNotices(
        store=on.store,
        arrears=on.read_models.arrears,
        noticing=Noticing(
            store=on.store, participants=participants, cipher=on.cipher, clock=on.clock, schedule=schedule
        ),
        runs=on.notice_runs,
        clock=on.clock,
        schedule=schedule,
    )


def _importing(on: Surroundings) -> Importing:
    return Importing(
        store=on.store,
        reservations=on.reservations,
        clock=on.clock,
        feeders_over=partial(feeders_over, clock=on.clock, cipher=on.cipher, blind_index=on.blind_index),
        reports=on.import_reports,
        snapshots=on.import_snapshots,
    )
