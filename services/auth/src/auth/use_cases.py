"""Puts the parts together over the few things that differ between a process and a test."""

from dataclasses import dataclass

from auth.activation_use_cases import ActivationUseCases, build_activation
from auth.contact_use_cases import ContactUseCases, build_contacts
from auth.domain.objections import ObjectionCodes
from auth.e_id_use_cases import EIdUseCases, build_e_id
from auth.factor_use_cases import FactorUseCases, build_factors
from auth.handlers.code_door import CodeDoor
from auth.handlers.code_screen import CodeScreen
from auth.handlers.codes import Codes
from auth.handlers.consents import TermsOfUse
from auth.handlers.me import WhoAmI
from auth.handlers.message_reports import MessageReports
from auth.handlers.re_indexing import ReIndexing
from auth.handlers.sessions import Sessions
from auth.integrator_use_cases import IntegratorUseCases, build_integrators
from auth.log_in_use_cases import LogInUseCases, build_log_ins
from auth.recovery_use_cases import RecoveryUseCases, build_recovery
from auth.rules import Rules
from auth.shared_parts import Stored, Surroundings, build_shared
from auth.staff_use_cases import StaffUseCases, build_staff
from auth.storage.password_hashing import HashingPool


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Everything the service can do, by what it is about."""

    activation: ActivationUseCases
    contacts: ContactUseCases
    e_id: EIdUseCases
    factors: FactorUseCases
    integrators: IntegratorUseCases
    log_ins: LogInUseCases
    recovery: RecoveryUseCases
    staff: StaffUseCases
    code_door: CodeDoor
    codes: Codes
    code_screen: CodeScreen
    message_reports: MessageReports
    objection_codes: ObjectionCodes
    re_indexing: ReIndexing
    sessions: Sessions
    terms: TermsOfUse
    who_am_i: WhoAmI
    stored: Stored

    async def prepare(self) -> None:
        """Make indexes and markers, before the first request; harmless when they are there."""
        await self.stored.prepare()
        await self.staff.prepare()
        await self.recovery.prepare_storage()
        await self.factors.prepare()
        await self.e_id.prepare()
        await self.integrators.prepare()


def build_use_cases(on: Surroundings, rules: Rules, pool: HashingPool) -> UseCases:
    """Return everything the service can do; nothing is read or written yet."""
    shared = build_shared(on, rules, pool)
    stored = shared.stored
    factors = build_factors(shared)
    recovery = build_recovery(shared, factors.proofs)
    terms = TermsOfUse(store=on.store, access=stored.access, current=rules.terms[-1], clock=on.clock)
    return UseCases(
        activation=build_activation(shared),
        contacts=build_contacts(shared),
        e_id=build_e_id(shared, factors),
        factors=factors,
        integrators=build_integrators(shared),
        log_ins=build_log_ins(shared, factors),
        recovery=recovery,
        staff=build_staff(shared),
        code_door=CodeDoor(
            throttles=stored.throttles,
            identities=stored.identities,
            human_check=recovery.human_check,
            rules=rules.code_door,
            clock=on.clock,
        ),
        codes=shared.codes,
        code_screen=shared.code_screen,
        message_reports=MessageReports(challenges=stored.challenges, deliveries=stored.deliveries, clock=on.clock),
        objection_codes=shared.objection_codes,
        re_indexing=ReIndexing(
            store=on.store, identities=stored.identities, seats=shared.seats, cipher=on.cipher, clock=on.clock
        ),
        sessions=shared.sessions,
        terms=terms,
        who_am_i=WhoAmI(access=stored.access, holders=stored.holders, terms=terms),
        stored=stored,
    )
