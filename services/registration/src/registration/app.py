"""The composition root: what a process of this service is made of, built once, top to bottom."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from ansinh_kit.clock import Clock
from ansinh_kit.counters import MongoCounters
from ansinh_kit.erasure import Erasure, StoredRemains
from ansinh_kit.foundation import Foundation, build_foundation
from ansinh_kit.http.app import Edge, create_app
from ansinh_kit.human_check.routes import challenge_routes
from ansinh_kit.human_check.spent import MongoSpentChallenges
from ansinh_kit.mongo import FileBucket
from ansinh_kit.projections.view import View
from ansinh_kit.reservations import MongoReservations, Reservations
from ansinh_kit.throttling.mongo import Throttles
from fastapi import FastAPI

from registration.api.agency_routes import agency_routes
from registration.api.declarant_routes import declarant_routes
from registration.api.dossier_routes import dossier_routes
from registration.api.errors import error_table
from registration.api.officer_routes import Queue, officer_routes
from registration.api.reference_routes import reference_routes
from registration.api.rule_texts import rule_texts
from registration.events import EVENTS, UPCASTERS
from registration.handlers.forgetting import Forgetting
from registration.handlers.naming import Naming
from registration.projections.declared_numbers import DeclaredNumbers
from registration.projections.dossiers import Dossiers
from registration.projections.review_queue import ReviewQueue
from registration.public_look_ups import PublicLookUps, StoredLookUps
from registration.settings import RegistrationSettings
from registration.storage.dossier_numbers import COLLECTION as DOSSIER_COUNTERS
from registration.storage.dossier_numbers import DossierNumbers
from registration.storage.photo_cleaner import PhotoCleaner
from registration.storage.photos import BUCKET, Photos
from registration.storage.reference import MongoReference, Reference, seed_agencies, seed_units
from registration.use_cases import Surroundings, UseCases, build_use_cases

SERVICE: Final = "registration"
LOG_FIELDS: Final = frozenset({"declaration_id", "return_code"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What `serve` runs. Nothing is connected yet."""

    foundation: Foundation
    reservations: Reservations
    reference: MongoReference
    queue: View
    use_cases: UseCases
    naming: Naming
    forgetting: Forgetting
    stored_look_ups: StoredLookUps
    public: PublicLookUps

    async def prepare(self) -> None:
        """Make the indexes and load the reference documents; bears being called again."""
        await self.stored_look_ups.prepare()
        await self.reference.load(seed_agencies(), seed_units())


def build_process(settings: RegistrationSettings) -> Process:
    foundation = build_foundation(SERVICE, settings, EVENTS, UPCASTERS)
    database, cipher = foundation.database, foundation.cipher
    reservations = MongoReservations(database, clock=foundation.clock)
    reference = MongoReference(database)
    surroundings = Surroundings(
        store=foundation.store,
        clock=foundation.clock,
        ids=foundation.ids,
        cipher=cipher,
        files=FileBucket(database, BUCKET),
        reservations=reservations,
        numbers=DossierNumbers(MongoCounters(database, DOSSIER_COUNTERS)),
        reference=reference,
        blind_index=foundation.blind_index,
        calendar=settings.calendar(),
        cleaner=PhotoCleaner(settings.cleaning_limits()),
    )
    declared_numbers = DeclaredNumbers(foundation.blind_index)
    stored_look_ups = StoredLookUps(spent=MongoSpentChallenges(database), throttles=Throttles(database))
    return Process(
        foundation=foundation,
        reservations=reservations,
        reference=reference,
        queue=View(database=database, projection=ReviewQueue(), cipher=cipher),
        use_cases=build_use_cases(surroundings),
        naming=Naming(
            store=foundation.store,
            declared=View(database=database, projection=declared_numbers, cipher=cipher),
            blind_index=foundation.blind_index,
        ),
        forgetting=Forgetting(
            store=foundation.store,
            photos=Photos(surroundings.files, cipher, foundation.ids),
            erasure=Erasure(cipher, reservations=reservations, stored=StoredRemains(database)),
        ),
        stored_look_ups=stored_look_ups,
        public=stored_look_ups.public(
            foundation, settings, View(database=database, projection=Dossiers(), cipher=cipher)
        ),
    )


def build_api(process: Process) -> FastAPI:
    foundation = process.foundation
    return http_app(
        process.use_cases,
        foundation.edge,
        queue=process.queue,
        reference=process.reference,
        public=process.public,
        clock=foundation.clock,
    )


def http_app(
    use_cases: UseCases, edge: Edge, *, queue: Queue, reference: Reference, public: PublicLookUps, clock: Clock
) -> FastAPI:
    app = create_app(
        edge,
        title="An Sinh Số: registration",
        version=version("ansinh-registration"),
        errors=error_table(),
        rules=rule_texts(),
    )
    app.include_router(
        declarant_routes(drafting=use_cases.drafting, sending=use_cases.sending, overviews=use_cases.overviews)
    )
    app.include_router(officer_routes(reviewing=use_cases.reviewing, queue=queue, clock=clock))
    app.include_router(reference_routes(reference=reference, clock=clock))
    app.include_router(challenge_routes(human_check=public.human_check))
    app.include_router(agency_routes(human_check=public.human_check, reference=reference))
    app.include_router(dossier_routes(human_check=public.human_check, look_up=public.dossiers, pace=public.pace))
    return app
