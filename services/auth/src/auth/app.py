"""The composition root: what a process of this service is made of, built once, top to bottom."""

from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import Final

from ansinh_contracts.publications import SECRETS
from ansinh_kit.clock import Clock
from ansinh_kit.erasure import Erasure, StoredRemains
from ansinh_kit.event_store.commit_log import CommitLog
from ansinh_kit.foundation import Foundation, build_foundation
from ansinh_kit.http.app import Edge, create_app
from ansinh_kit.http.even_pace import EvenPace
from ansinh_kit.human_check.routes import challenge_routes
from ansinh_kit.messaging.secret_queue import SecretPublisher
from ansinh_kit.reservations import MongoReservations, Reservations
from fastapi import FastAPI, params

from auth.api.activation import activation_routes
from auth.api.challenges import code_screen_routes
from auth.api.contacts import contact_routes
from auth.api.counter import counter_routes
from auth.api.device_proofs import device_nonce_routes
from auth.api.devices import device_routes, signed_by_own_device
from auth.api.e_id import e_id_log_in_routes, own_e_id_routes
from auth.api.forced_password_changes import forced_password_change_routes
from auth.api.integrators import integrator_routes, own_integrator_routes
from auth.api.internal import internal_routes, session_question
from auth.api.log_ins import log_in_list_routes
from auth.api.me import me_routes
from auth.api.oauth import oauth_routes
from auth.api.own_safety import own_safety_routes
from auth.api.passkeys import own_passkey_routes, passkey_log_in_routes
from auth.api.password_changes import password_change_routes
from auth.api.recoveries import recovery_routes
from auth.api.session_endings import session_ending_routes
from auth.api.sessions import session_routes
from auth.api.staff_joining import staff_joining_routes
from auth.api.staff_members import staff_member_routes
from auth.api.take_overs import take_over_routes
from auth.api.terms import terms_routes
from auth.api.texts import ERRORS, RULES
from auth.domain.common_passwords import common_passwords
from auth.domain.passwords import PasswordRules
from auth.events import EVENTS
from auth.handlers.activation_started import ActivationLimits
from auth.handlers.code_door import CodeDoorRules
from auth.handlers.forgetting import Forgetting
from auth.handlers.integrator_tokens import TokenLimits
from auth.handlers.log_in_guard import GuessLimits
from auth.handlers.session_news import SessionNews
from auth.providers.port import IdentityProvider
from auth.recovery_use_cases import RecoveryUseCases
from auth.rules import Rules, Work
from auth.settings import AuthSettings
from auth.shared_parts import Surroundings
from auth.storage.breached_passwords import read_breached_passwords
from auth.storage.password_hashing import HashingPool
from auth.use_cases import UseCases, build_use_cases

SERVICE: Final = "auth"
LOG_FIELDS: Final = frozenset({"account_id", "challenge_id", "message_id", "code", "count"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What `serve` runs and `bootstrap-staff` borrows from. Nothing is connected yet."""

    foundation: Foundation
    reservations: Reservations
    secrets: SecretPublisher
    use_cases: UseCases
    forgetting: Forgetting
    pace: EvenPace
    identity_provider: IdentityProvider


def build_process(settings: AuthSettings) -> Process:
    foundation = build_foundation(SERVICE, settings, EVENTS)
    reservations = MongoReservations(foundation.database, clock=foundation.clock)
    secrets = SecretPublisher(foundation.broker, SECRETS, sealer=foundation.sealer, clock=foundation.clock)
    pool = HashingPool(threads=settings.hashing_threads, wait_seconds=settings.hashing_wait_seconds)
    identity_provider = settings.identity_provider(foundation.clock)
    surroundings = Surroundings(
        database=foundation.database,
        store=foundation.store,
        reservations=reservations,
        cipher=foundation.cipher,
        blind_index=foundation.blind_index,
        carrier=secrets,
        clock=foundation.clock,
        ids=foundation.ids,
        registry=foundation.edge.metrics.registry,
        identity_provider=identity_provider,
    )
    use_cases = build_use_cases(surroundings, _rules(settings), pool)
    return Process(
        foundation=foundation,
        reservations=reservations,
        secrets=secrets,
        use_cases=use_cases,
        forgetting=Forgetting(
            access=use_cases.stored.access,
            challenges=use_cases.stored.challenges,
            recoveries=use_cases.recovery.documents,
            objections=use_cases.stored.objections,
            erasure=Erasure(foundation.cipher, reservations=reservations, stored=StoredRemains(foundation.database)),
        ),
        pace=EvenPace(settings.activation_milliseconds / 1000),
        identity_provider=identity_provider,
    )


def build_api(process: Process) -> FastAPI:
    foundation = process.foundation
    return http_app(process.use_cases, foundation.edge, clock=foundation.clock, log=foundation.log, pace=process.pace)


def http_app(use_cases: UseCases, edge: Edge, *, clock: Clock, log: CommitLog, pace: EvenPace) -> FastAPI:
    app = create_app(edge, title="An Sinh Số: auth", version=version("ansinh-auth"), errors=ERRORS, rules=RULES)
    door = use_cases.code_door
    app.include_router(
        activation_routes(
            door=door, start=use_cases.activation.start, complete=use_cases.activation.complete, pace=pace
        ),
    )
    app.include_router(
        session_routes(
            log_in=use_cases.log_ins.citizen, staff_log_in=use_cases.log_ins.staff, sessions=use_cases.sessions
        ),
    )
    app.include_router(staff_member_routes(members=use_cases.staff.members, directory=use_cases.staff.directory))
    app.include_router(session_ending_routes(use_cases.staff.all_sessions))
    app.include_router(integrator_routes(use_cases.integrators.administer))
    app.include_router(own_integrator_routes(use_cases.integrators.administer))
    app.include_router(oauth_routes(use_cases.integrators.issue_token))
    app.include_router(staff_joining_routes(use_cases.staff.join))
    app.include_router(take_over_routes(use_cases.log_ins.take_overs, door))
    app.include_router(code_screen_routes(use_cases.code_screen))
    app.include_router(password_change_routes(use_cases.log_ins.password_changes, door))
    app.include_router(forced_password_change_routes(use_cases.log_ins.forced_changes, door))
    signed = signed_by_own_device(use_cases.factors.session_proofs)
    _include_recovery(app, use_cases.recovery, signed)
    app.include_router(device_nonce_routes(use_cases.factors.proofs))
    app.include_router(own_passkey_routes(use_cases.factors.own_passkeys))
    app.include_router(passkey_log_in_routes(use_cases.factors.passkey_log_in, use_cases.factors.passkey_checks))
    app.include_router(device_routes(use_cases.factors.device_bindings, use_cases.factors.own_devices, door))
    app.include_router(e_id_log_in_routes(use_cases.e_id.log_in))
    app.include_router(own_e_id_routes(use_cases.e_id.own))
    app.include_router(me_routes(use_cases.who_am_i))
    app.include_router(terms_routes(use_cases.terms))
    app.include_router(log_in_list_routes(use_cases.log_ins.show))
    app.include_router(
        contact_routes(
            door=use_cases.code_door,
            contacts=use_cases.contacts.shown,
            changes=use_cases.contacts.changes,
            objections=use_cases.contacts.objections,
            signed=signed,
        )
    )
    news = SessionNews(log, is_ending=lambda: edge.readiness.draining)
    app.include_router(internal_routes(news=news))
    app.router.routes.insert(0, session_question(use_cases.stored.lookup, clock))
    return app


def _include_recovery(app: FastAPI, recovery: RecoveryUseCases, signed: params.Depends) -> None:
    app.include_router(challenge_routes(human_check=recovery.human_check))
    app.include_router(
        recovery_routes(human_check=recovery.human_check, start=recovery.start, complete=recovery.complete)
    )
    app.include_router(
        own_safety_routes(
            saved_codes=recovery.saved_codes, locks=recovery.locks, counter=recovery.counter, signed=signed
        )
    )
    app.include_router(
        counter_routes(
            counter=recovery.counter, locks=recovery.locks, compromised_passwords=recovery.compromised_passwords
        )
    )


def _rules(settings: AuthSettings) -> Rules:
    breached = read_breached_passwords(
        settings.breached_passwords_file, shortest=settings.password_shortest_with_device
    )
    return Rules(
        peppers=settings.password_peppers,
        code_keys=settings.code_keys,
        passwords=PasswordRules(
            shortest=settings.password_shortest,
            shortest_with_device=settings.password_shortest_with_device,
            common=common_passwords() | breached,
        ),
        codes=settings.code_rules(),
        lifetimes=settings.lifetimes(),
        tokens=TokenLimits(life=timedelta(minutes=settings.integrator_token_minutes)),
        guesses=GuessLimits(in_a_row=settings.wrong_passwords_in_a_row),
        activation=ActivationLimits(),
        code_door=CodeDoorRules(codes=settings.codes_per_address),
        recovery=settings.recovery_rules(),
        work=Work(
            difficulty_bits=settings.human_check_difficulty_bits,
            lifetime=timedelta(minutes=settings.human_check_minutes),
        ),
        proofs=settings.proof_rules(),
        passkeys=settings.passkey_rules(),
        e_id=settings.e_id_rules(),
    )
