"""Puts storage and use cases together over the few things that differ between a process and a test."""

from dataclasses import dataclass, field
from typing import Final

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import EventRegistry
from ansinh_kit.key_list import KeyList
from ansinh_kit.mongo import Database
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.view import View
from ansinh_kit.reservations import Reservations
from ansinh_kit.throttling.mongo import Throttles
from prometheus_client import CollectorRegistry

from auth.domain.access_events import ACCESS_EVENTS
from auth.domain.account import ACCOUNT_EVENTS
from auth.domain.consent import CONSENT_EVENTS, Terms
from auth.domain.device_proofs import ProofRules
from auth.domain.integrators.events import INTEGRATOR_EVENTS
from auth.domain.objections import ObjectionCodes
from auth.domain.one_time_codes import CodeRules
from auth.domain.passkeys import PasskeyRules
from auth.domain.passwords import PasswordRules
from auth.domain.recoveries import RecoveryRules
from auth.domain.staff import STAFF_EVENTS
from auth.domain.staff_roster.events import ROSTER_EVENTS
from auth.factor_use_cases import FactorParts, FactorUseCases, build_factors
from auth.handlers.activation_completed import CompleteActivation
from auth.handlers.activation_links import ActivationLinks
from auth.handlers.activation_started import ActivationLimits, StartActivation
from auth.handlers.code_door import CodeDoor, CodeDoorRules
from auth.handlers.codes import Codes
from auth.handlers.consents import TermsOfUse
from auth.handlers.contact_change_codes import ContactChangeCodes
from auth.handlers.contact_changes import ContactChangeLimits, ContactChanges
from auth.handlers.contact_seats import ContactSeats
from auth.handlers.contacts import Contacts
from auth.handlers.integrator_tokens import TokenLimits
from auth.handlers.lock_outs import LiftLockOut
from auth.handlers.log_in import LogIn
from auth.handlers.log_in_guard import GuessLimits, LogInGuard
from auth.handlers.log_ins import ShowLogIns
from auth.handlers.me import WhoAmI
from auth.handlers.objections import ObjectionLimits, Objections
from auth.handlers.password_changes import PasswordChanges
from auth.handlers.password_check import PasswordCheck
from auth.handlers.re_indexing import ReIndexing
from auth.handlers.reactions import Reactions
from auth.handlers.recovery_devices import SigningDevices
from auth.handlers.saved_codes import SavedCodeCheck
from auth.handlers.sessions import Sessions
from auth.handlers.staff import StaffLogIn
from auth.handlers.take_over import TakeOvers
from auth.integrator_use_cases import IntegratorParts, IntegratorUseCases, build_integrators
from auth.projections.log_ins import LogIns
from auth.recovery_use_cases import RecoveryParts, RecoveryUseCases, Work, build_recovery_use_cases
from auth.staff_use_cases import StaffParts, StaffUseCases, build_staff
from auth.storage.access_documents import AccessDocuments
from auth.storage.challenges import Challenges
from auth.storage.code_use import CodeUse
from auth.storage.comparisons import Comparisons
from auth.storage.deliveries import Deliveries
from auth.storage.holders import Holders
from auth.storage.identities import Identities
from auth.storage.objections import ObjectionDocuments
from auth.storage.password_hashing import HashingPool, PasswordHashing
from auth.storage.pending_changes import PendingChanges
from auth.storage.secrets_outbox import SecretCarrier, SecretsOutbox
from auth.storage.session_lookup import Lifetimes, SessionLookup
from auth.storage.terms_of_use import read_terms
from auth.storage.wrong_codes import WrongCodes

EVENTS: Final = EventRegistry.of(
    (*ACCOUNT_EVENTS, *ACCESS_EVENTS, *STAFF_EVENTS, *ROSTER_EVENTS, *INTEGRATOR_EVENTS, *CONSENT_EVENTS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the service stands on."""

    database: Database
    store: EventStore
    reservations: Reservations
    cipher: PersonalDataCipher
    blind_index: BlindIndex
    carrier: SecretCarrier
    clock: Clock
    ids: IdGenerator
    registry: CollectorRegistry


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Limits and secret keys. The defaults are those of the security statements."""

    peppers: KeyList
    code_keys: KeyList
    passwords: PasswordRules
    codes: CodeRules
    lifetimes: Lifetimes
    guesses: GuessLimits
    tokens: TokenLimits = field(default_factory=TokenLimits)
    activation: ActivationLimits
    code_door: CodeDoorRules = field(default_factory=CodeDoorRules)
    proofs: ProofRules
    passkeys: PasskeyRules
    recovery: RecoveryRules = field(default_factory=RecoveryRules)
    work: Work = field(default_factory=Work)
    contact_changes: ContactChangeLimits = field(default_factory=ContactChangeLimits)
    objections: ObjectionLimits = field(default_factory=ObjectionLimits)
    terms: tuple[Terms, ...] = field(default_factory=read_terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    codes: Codes
    code_door: CodeDoor
    holders: Holders
    start_activation: StartActivation
    complete_activation: CompleteActivation
    log_in: LogIn
    staff_log_in: StaffLogIn
    staff: StaffUseCases
    recovery: RecoveryUseCases
    integrators: IntegratorUseCases
    lift_lock_out: LiftLockOut
    re_indexing: ReIndexing
    sessions: Sessions
    take_overs: TakeOvers
    password_changes: PasswordChanges
    who_am_i: WhoAmI
    show_log_ins: ShowLogIns
    contacts: Contacts
    contact_changes: ContactChanges
    objections: Objections
    objection_codes: ObjectionCodes
    terms: TermsOfUse
    factors: FactorUseCases
    reactions: Reactions
    lookup: SessionLookup
    outbox: SecretsOutbox
    pending: PendingChanges
    stored: "Stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What has to be prepared in the database before the first request."""

    access: AccessDocuments
    challenges: Challenges
    deliveries: Deliveries
    code_use: CodeUse
    throttles: Throttles
    objections: ObjectionDocuments
    lookup: SessionLookup
    staff: StaffUseCases
    recovery: RecoveryUseCases
    factors: FactorUseCases
    integrators: IntegratorUseCases

    async def prepare(self) -> None:
        """Make indexes and markers; harmless when they are there."""
        await self.access.create_indexes()
        await self.challenges.create_indexes()
        await self.deliveries.create_indexes()
        await self.code_use.create_indexes()
        await self.throttles.create_indexes()
        await self.objections.create_indexes()
        await self.lookup.prepare()
        await self.staff.prepare()
        await self.recovery.prepare_storage()
        await self.factors.prepare()
        await self.integrators.prepare()


def build_use_cases(on: Surroundings, rules: Rules, pool: HashingPool) -> UseCases:
    """Return everything the service can do; nothing is read or written yet."""
    comparisons = Comparisons(on.registry)
    holders = Holders(on.store)
    identities = Identities(on.reservations, on.blind_index)
    hashing = PasswordHashing(pool=pool, peppers=rules.peppers, comparisons=comparisons)
    access = AccessDocuments(on.database)
    throttles = Throttles(on.database)
    challenges = Challenges(on.database, code_keys=rules.code_keys, rules=rules.codes, comparisons=comparisons)
    deliveries = Deliveries(on.database)
    wrong_codes = WrongCodes(on.database)
    code_use = CodeUse(on.database, on.registry)
    outbox = SecretsOutbox(on.database, carrier=on.carrier, clock=on.clock)
    lookup = SessionLookup(on.database, rules.lifetimes)
    objection_codes = ObjectionCodes(rules.code_keys)
    objection_documents = ObjectionDocuments(on.database, on.blind_index, objection_codes)
    pending = PendingChanges(on.database, store=on.store, holders=holders, objections=objection_documents)
    sessions = Sessions(access=access, pending=pending, cipher=on.cipher, lifetimes=rules.lifetimes, clock=on.clock)
    codes = Codes(
        challenges=challenges,
        wrong_codes=wrong_codes,
        holders=holders,
        throttles=throttles,
        identities=identities,
        deliveries=deliveries,
        use=code_use,
        outbox=outbox,
        rules=rules.codes,
        clock=on.clock,
        ids=on.ids,
    )
    terms = TermsOfUse(store=on.store, access=access, current=rules.terms[-1], clock=on.clock)
    guard = LogInGuard(throttles, identities, rules.guesses)
    password_check = PasswordCheck(
        guard=guard,
        identities=identities,
        access=access,
        hashing=hashing,
        clock=on.clock,
    )
    integrators = build_integrators(
        IntegratorParts(
            database=on.database, store=on.store, identities=identities, throttles=throttles, clock=on.clock
        ),
        rules.tokens,
    )
    staff = build_staff(
        StaffParts(
            database=on.database,
            store=on.store,
            identities=identities,
            access=access,
            pending=pending,
            hashing=hashing,
            passwords=rules.passwords,
            cipher=on.cipher,
            clock=on.clock,
            ids=on.ids,
        )
    )
    factors = build_factors(
        FactorParts(
            database=on.database,
            access=access,
            pending=pending,
            holders=holders,
            codes=codes,
            cipher=on.cipher,
            clock=on.clock,
            nonce_keys=rules.code_keys,
            proof_rules=rules.proofs,
            passkey_rules=rules.passkeys,
            sessions=sessions,
            ids=on.ids,
            lifetimes=rules.lifetimes,
        )
    )
    activation_links = ActivationLinks(challenges=challenges, outbox=outbox, clock=on.clock, ids=on.ids)
    saved_code_check = SavedCodeCheck(hashing)
    recovery = build_recovery_use_cases(
        RecoveryParts(
            database=on.database,
            identities=identities,
            holders=holders,
            access=access,
            pending=pending,
            codes=codes,
            throttles=throttles,
            hashing=hashing,
            password_check=password_check,
            passwords=rules.passwords,
            devices=SigningDevices(factors.proofs),
            saved_codes=saved_code_check,
            rules=rules.recovery,
            work=rules.work,
            work_keys=rules.code_keys,
            clock=on.clock,
            ids=on.ids,
        )
    )
    seats = ContactSeats(reservations=on.reservations, index=on.blind_index, holders=holders)
    objections = Objections(
        documents=objection_documents,
        store=on.store,
        holders=holders,
        identities=identities,
        sessions=sessions,
        throttles=throttles,
        limits=rules.objections,
        clock=on.clock,
    )
    contact_changes = ContactChanges(
        passwords=password_check,
        codes=ContactChangeCodes(codes=codes, cipher=on.cipher),
        seats=seats,
        objections=objection_documents,
        sessions=sessions,
        holders=holders,
        store=on.store,
        throttles=throttles,
        limits=rules.contact_changes,
        clock=on.clock,
    )
    return UseCases(
        recovery=recovery,
        codes=codes,
        code_door=CodeDoor(
            throttles=throttles,
            identities=identities,
            human_check=recovery.human_check,
            rules=rules.code_door,
            clock=on.clock,
        ),
        holders=holders,
        start_activation=StartActivation(
            identities=identities,
            holders=holders,
            access=access,
            codes=codes,
            links=activation_links,
            throttles=throttles,
            limits=rules.activation,
            clock=on.clock,
            ids=on.ids,
        ),
        complete_activation=CompleteActivation(
            codes=codes,
            challenges=challenges,
            holders=holders,
            access=access,
            pending=pending,
            hashing=hashing,
            rules=rules.passwords,
            clock=on.clock,
        ),
        log_in=LogIn(
            passwords=password_check,
            identities=identities,
            sessions=sessions,
            codes=codes,
            proofs=factors.proofs,
            holders=holders,
            cipher=on.cipher,
            clock=on.clock,
        ),
        staff_log_in=StaffLogIn(
            passwords=password_check,
            identities=identities,
            access=access,
            sessions=sessions,
            passkeys=factors.passkey_checks,
            cipher=on.cipher,
            clock=on.clock,
        ),
        staff=staff,
        integrators=integrators,
        lift_lock_out=LiftLockOut(identities=identities, access=access, guard=guard, wrong_codes=wrong_codes),
        re_indexing=ReIndexing(store=on.store, identities=identities, seats=seats, cipher=on.cipher, clock=on.clock),
        sessions=sessions,
        password_changes=PasswordChanges(
            passwords=password_check,
            rules=rules.passwords,
            hashing=hashing,
            codes=codes,
            access=access,
            pending=pending,
            holders=holders,
            lifetimes=rules.lifetimes,
            session_proofs=factors.session_proofs,
            clock=on.clock,
        ),
        take_overs=TakeOvers(
            codes=codes,
            sessions=sessions,
            access=access,
            holders=holders,
            saved_codes=saved_code_check,
            proofs=factors.proofs,
        ),
        who_am_i=WhoAmI(access=access, holders=holders, terms=terms),
        terms=terms,
        show_log_ins=ShowLogIns(log_ins=View(database=on.database, projection=LogIns(), cipher=on.cipher), guard=guard),
        contacts=Contacts(holders=holders, store=on.store, clock=on.clock),
        contact_changes=contact_changes,
        objections=objections,
        objection_codes=objection_codes,
        factors=factors,
        reactions=Reactions(
            cipher=on.cipher,
            store=on.store,
            identities=identities,
            seats=seats,
            access=access,
            challenges=challenges,
            deliveries=deliveries,
            links=activation_links,
            clock=on.clock,
        ),
        lookup=lookup,
        outbox=outbox,
        pending=pending,
        stored=Stored(
            access=access,
            challenges=challenges,
            throttles=throttles,
            objections=objection_documents,
            lookup=lookup,
            staff=staff,
            recovery=recovery,
            factors=factors,
            code_use=code_use,
            deliveries=deliveries,
            integrators=integrators,
        ),
    )
