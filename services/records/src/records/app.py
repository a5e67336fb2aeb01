"""The composition root: what a process of this service is made of, built once, top to bottom."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from ansinh_kit.clock import Clock
from ansinh_kit.foundation import Foundation, build_foundation
from ansinh_kit.http.app import Edge, create_app
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.view import View
from ansinh_kit.reservations import MongoReservations, Reservations
from fastapi import FastAPI

from records.api.errors import error_table
from records.api.participant_errors import PARTICIPANT_ANSWERS
from records.api.person_routes import person_routes
from records.api.record_access import NoStaffAccess, RecordAccess
from records.api.rule_texts import rule_texts
from records.api.staff_links import staff_link_routes
from records.api.staff_participants import staff_participant_routes
from records.projections.catalogue import PROJECTIONS, ReadModels
from records.settings import RecordsSettings
from records.use_cases import EVENTS, Surroundings, UseCases, build_use_cases

SERVICE: Final = "records"
LOG_FIELDS: Final = frozenset({"participant_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What `serve` runs. Nothing is connected yet."""

    foundation: Foundation
    reservations: Reservations
    read_models: ReadModels
    projectors: dict[str, Projector]
    use_cases: UseCases


def build_process(settings: RecordsSettings) -> Process:
    foundation = build_foundation(SERVICE, settings, EVENTS)
    store, database, cipher = foundation.store, foundation.database, foundation.cipher
    reservations = MongoReservations(database, clock=foundation.clock)
    read_models = ReadModels.over(lambda one: View(database=database, projection=one, cipher=cipher))
    surroundings = Surroundings(
        store=store,
        clock=foundation.clock,
        ids=foundation.ids,
        cipher=cipher,
        reservations=reservations,
        blind_index=foundation.blind_index,
        read_models=read_models,
    )
    return Process(
        foundation=foundation,
        reservations=reservations,
        read_models=read_models,
        projectors={
            name: Projector(store=store, database=database, projection=one, cipher=cipher)
            for name, one in PROJECTIONS.items()
        },
        use_cases=build_use_cases(surroundings),
    )


def build_api(process: Process) -> FastAPI:
    foundation = process.foundation
    return http_app(process.use_cases, foundation.edge, read_models=process.read_models, clock=foundation.clock)


def http_app(use_cases: UseCases, edge: Edge, *, read_models: ReadModels, clock: Clock) -> FastAPI:
    """Return the app. Each part mounts its own routers: `<part>_routes(access=…, …)`."""
    app = create_app(
        edge,
        title="An Sinh Số: records",
        version=version("ansinh-records"),
        errors=error_table(PARTICIPANT_ANSWERS),
        rules=rule_texts(),
    )
    access = RecordAccess(own=use_cases.own_records, staff=NoStaffAccess())
    app.include_router(person_routes(access=access, people=read_models.person))
    app.include_router(
        staff_participant_routes(
            registering=use_cases.registering, managing=use_cases.managing, merging=use_cases.merging, clock=clock
        )
    )
    app.include_router(staff_link_routes(managing=use_cases.managing, account_links=read_models.account_links))
    return app
