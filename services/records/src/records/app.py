"""The composition root: what a process of this service is made of, built once, top to bottom."""

from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import Final

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.counters import MongoCounters
from ansinh_kit.erasure import Erasure, StoredRemains
from ansinh_kit.foundation import Foundation, build_foundation
from ansinh_kit.http.app import Edge, create_app
from ansinh_kit.human_check.routes import HUMAN_PROOF_ERRORS, challenge_routes
from ansinh_kit.human_check.spent import MongoSpentChallenges
from ansinh_kit.mongo import FileBucket
from ansinh_kit.projections.view import View
from ansinh_kit.reservations import MongoReservations, Reservations
from ansinh_kit.throttling.mongo import Throttles
from fastapi import APIRouter, FastAPI

from records.api.access import Access
from records.api.benefit_routes import benefit_routes
from records.api.card_routes import card_check_routes, card_routes
from records.api.card_validity_routes import card_validity_routes
from records.api.collection_point_routes import collection_point_routes
from records.api.counter import counter_of
from records.api.dispute_routes import DISPUTE_ERRORS, dispute_routes
from records.api.errors import error_table
from records.api.exports.check_routes import export_check_routes
from records.api.exports.export_routes import EXPORT_ERRORS, export_routes
from records.api.exports.list_routes import export_list_routes
from records.api.exports.sheets import Sheets
from records.api.import_routes import BULK_FILE_LIMIT_BYTES, IMPORT_ERRORS, import_routes
from records.api.notice_routes import notice_routes
from records.api.number_routes import number_routes
from records.api.opening_routes import OPENING_ERRORS, opening_routes, reading_routes
from records.api.participant_errors import PARTICIPANT_ANSWERS
from records.api.participation_routes import CONTRIBUTION_ERRORS, participation_routes
from records.api.period_feeding_routes import period_feeding_routes
from records.api.person_routes import person_routes
from records.api.record_access import RecordAccess
from records.api.reference_routes import reference_routes
from records.api.row_errors import ROW_ANSWERS
from records.api.rule_texts import rule_texts
from records.api.staff_access import OpenedRecords
from records.api.staff_bars import staff_bar_routes
from records.api.staff_benefits import staff_benefit_routes
from records.api.staff_cards import staff_card_routes
from records.api.staff_dispute_routes import staff_dispute_routes
from records.api.staff_links import staff_link_routes
from records.api.staff_participants import staff_participant_routes
from records.api.staff_visits import staff_visit_routes
from records.api.visit_routes import visit_routes
from records.events import EVENTS, UPCASTERS
from records.handlers.card_codes import CardCodes
from records.handlers.forgetting import Forgetting
from records.projections.catalogue import ReadModels, all_projections
from records.projections.number_look_ups import NumberLookUps
from records.public_look_ups import PublicLookUps, StoredLookUps
from records.settings import RecordsSettings
from records.storage.exports.files import ExportFiles
from records.storage.exports.press import Press, PressLimits
from records.storage.import_files import BUCKET, ImportFiles
from records.storage.import_reports import ImportReports, MongoImportReports
from records.storage.import_snapshots import import_snapshots_in
from records.storage.notice_runs import MongoNoticeRuns
from records.storage.reference.mongo import MongoReference
from records.use_cases import Surroundings, UseCases, build_use_cases

SERVICE: Final = "records"
LOG_FIELDS: Final = frozenset({"participant_id", "dispute_id", "import_id", "rows"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What `serve` runs. Nothing is connected yet."""

    foundation: Foundation
    reservations: Reservations
    read_models: ReadModels
    use_cases: UseCases
    forgetting: Forgetting
    import_reports: ImportReports
    stored_look_ups: StoredLookUps
    public: PublicLookUps

    async def prepare(self) -> None:
        """Make what must be there before the first request; bears being called again."""
        await self.stored_look_ups.prepare()


def build_process(settings: RecordsSettings) -> Process:
    foundation = build_foundation(SERVICE, settings, EVENTS, UPCASTERS)
    store, database, cipher = foundation.store, foundation.database, foundation.cipher
    reservations = MongoReservations(database, clock=foundation.clock)
    read_models = ReadModels.over(lambda one: View(database=database, projection=one, cipher=cipher))
    stored_look_ups = StoredLookUps(
        spent=MongoSpentChallenges(database), throttles=Throttles(database), reference=MongoReference(database)
    )
    surroundings = Surroundings(
        store=store,
        clock=foundation.clock,
        ids=foundation.ids,
        cipher=cipher,
        reservations=reservations,
        blind_index=foundation.blind_index,
        read_models=read_models,
        number_look_ups=View(database=database, projection=NumberLookUps(foundation.blind_index), cipher=cipher),
        counters=MongoCounters(database),
        throttles=stored_look_ups.throttles,
        opening_lasts=settings.opening_lasts(),
        answer_days=settings.answer_days(),
        notice_schedule=settings.notice_schedule(),
        notice_runs=MongoNoticeRuns(database),
        import_reports=MongoImportReports(database),
        import_snapshots=import_snapshots_in(database, cipher),
        import_files=ImportFiles(FileBucket(database, BUCKET), cipher),
        card_codes=CardCodes(
            settings.card_code_keys, lifetime=timedelta(seconds=settings.card_code_seconds), clock=foundation.clock
        ),
        export_files=ExportFiles(Press(PressLimits())),
        export_check_address=settings.export_check_address,
    )
    use_cases = build_use_cases(surroundings)
    return Process(
        foundation=foundation,
        reservations=reservations,
        read_models=read_models,
        use_cases=use_cases,
        forgetting=Forgetting(
            store=store,
            participants=use_cases.participants,
            record_ids=use_cases.record_ids,
            erasure=Erasure(
                cipher,
                reservations=reservations,
                stored=StoredRemains(database, all_projections(foundation.blind_index)),
            ),
            clock=foundation.clock,
        ),
        import_reports=surroundings.import_reports,
        stored_look_ups=stored_look_ups,
        public=stored_look_ups.public(foundation, settings),
    )


def build_api(process: Process) -> FastAPI:
    foundation = process.foundation
    return http_app(
        process.use_cases,
        foundation.edge,
        import_reports=process.import_reports,
        read_models=process.read_models,
        public=process.public,
        clock=foundation.clock,
        ids=foundation.ids,
    )


def http_app(
    use_cases: UseCases,
    edge: Edge,
    *,
    import_reports: ImportReports,
    read_models: ReadModels,
    public: PublicLookUps,
    clock: Clock,
    ids: IdGenerator,
) -> FastAPI:
    """Return the app. Each part mounts its own routers: `<part>_routes(access=…, …)`."""
    app = create_app(
        edge,
        title="An Sinh Số: records",
        version=version("ansinh-records"),
        errors=error_table(
            PARTICIPANT_ANSWERS,
            CONTRIBUTION_ERRORS,
            ROW_ANSWERS,
            IMPORT_ERRORS,
            OPENING_ERRORS,
            DISPUTE_ERRORS,
            HUMAN_PROOF_ERRORS,
            EXPORT_ERRORS,
        ),
        rules=rule_texts(),
        upload_limit_bytes=BULK_FILE_LIMIT_BYTES,
    )
    app.include_router(import_routes(uploads=use_cases.uploads, reports=import_reports))
    access = RecordAccess(own=use_cases.own_records, staff=OpenedRecords(openings=use_cases.openings, ids=ids))
    app.include_router(person_routes(access=access, people=read_models.person))
    app.include_router(
        staff_participant_routes(
            registering=use_cases.registering, managing=use_cases.managing, merging=use_cases.merging, clock=clock
        )
    )
    app.include_router(staff_bar_routes(managing=use_cases.managing))
    app.include_router(staff_link_routes(managing=use_cases.managing, account_links=read_models.account_links))
    for router in (
        *_access_routers(access, use_cases, read_models),
        *_public_routers(public, use_cases, clock),
        *_row_routers(access, use_cases, read_models, clock),
    ):
        app.include_router(router)
    sheets = Sheets(read_models=read_models, histories=use_cases.histories, participation=use_cases.participation)
    app.include_router(export_routes(access=access, sheets=sheets, exporting=use_cases.exporting, clock=clock))
    app.include_router(export_list_routes(access=access, record_ids=use_cases.record_ids, exports=read_models.exports))
    app.include_router(export_check_routes(checks=use_cases.export_checks))
    return app


def _access_routers(access: Access, use_cases: UseCases, read_models: ReadModels) -> tuple[APIRouter, ...]:
    record_ids, disputes = use_cases.record_ids, use_cases.disputes
    return (
        opening_routes(openings=use_cases.openings),
        reading_routes(access=access, record_ids=record_ids, readings=read_models.readings),
        dispute_routes(
            access=access,
            own_records=use_cases.own_records,
            record_ids=record_ids,
            disputes=disputes,
            overview=read_models.disputes,
        ),
        staff_dispute_routes(disputes=disputes, overview=read_models.disputes),
    )


def _public_routers(public: PublicLookUps, use_cases: UseCases, clock: Clock) -> tuple[APIRouter, ...]:
    human_check = public.human_check
    return (
        challenge_routes(human_check=human_check),
        number_routes(human_check=human_check, look_up=use_cases.number_look_up, pace=public.pace, clock=clock),
        card_validity_routes(human_check=human_check, validity=use_cases.card_validity, pace=public.pace, clock=clock),
        reference_routes(human_check=human_check, reference=public.reference),
        collection_point_routes(human_check=human_check, reference=public.reference),
    )


def _row_routers(access: Access, use_cases: UseCases, read_models: ReadModels, clock: Clock) -> tuple[APIRouter, ...]:
    """Return the routes to periods, benefits, cards and visits."""
    texts, histories = rule_texts(), use_cases.histories
    open_counter = counter_of(participants=use_cases.participants, texts=texts)
    return (
        participation_routes(access=access, reading=use_cases.participation),
        notice_routes(access=access, record_ids=use_cases.record_ids, notices=read_models.notices),
        period_feeding_routes(feeding=use_cases.period_feeding, texts=texts),
        benefit_routes(access=access, tabs=histories.benefits, clock=clock),
        card_routes(access=access, cards=histories.cards, checks=use_cases.card_checks, clock=clock),
        card_check_routes(checks=use_cases.card_checks),
        visit_routes(access=access, book=histories.visits),
        staff_benefit_routes(open_counter=open_counter, benefits=use_cases.benefits),
        staff_card_routes(open_counter=open_counter, cards=use_cases.cards),
        staff_visit_routes(open_counter=open_counter, visits=use_cases.visits),
    )
