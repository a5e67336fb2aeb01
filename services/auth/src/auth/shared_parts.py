"""The part of the composition that the others stand on: storage, codes, sessions and the check of passwords."""

from dataclasses import dataclass, field

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.mongo import Database
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.reservations import Reservations
from ansinh_kit.throttling.mongo import Throttles
from prometheus_client import CollectorRegistry

from auth.domain.objections import ObjectionCodes
from auth.handlers.code_screen import CodeScreen
from auth.handlers.code_sending import CodeSending
from auth.handlers.codes import Codes
from auth.handlers.contact_seats import ContactSeats
from auth.handlers.log_in_guard import LogInGuard
from auth.handlers.password_check import PasswordCheck
from auth.handlers.saved_codes import SavedCodeCheck
from auth.handlers.sessions import Sessions
from auth.providers.port import IdentityProvider, NoIdentityProvider
from auth.rules import Rules
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
from auth.storage.session_lookup import SessionLookup
from auth.storage.wrong_codes import WrongCodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the service stands on: all that differs between a process and a test."""

    database: Database
    store: EventStore
    reservations: Reservations
    cipher: PersonalDataCipher
    blind_index: BlindIndex
    carrier: SecretCarrier
    clock: Clock
    ids: IdGenerator
    registry: CollectorRegistry
    identity_provider: IdentityProvider = field(default_factory=NoIdentityProvider)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What several parts read and write beside events."""

    access: AccessDocuments
    challenges: Challenges
    code_use: CodeUse
    deliveries: Deliveries
    holders: Holders
    identities: Identities
    lookup: SessionLookup
    objections: ObjectionDocuments
    outbox: SecretsOutbox
    pending: PendingChanges
    throttles: Throttles
    wrong_codes: WrongCodes

    async def prepare(self) -> None:
        """Make indexes and markers; harmless when they are there."""
        await self.access.create_indexes()
        await self.challenges.create_indexes()
        await self.deliveries.create_indexes()
        await self.code_use.create_indexes()
        await self.throttles.create_indexes()
        await self.objections.create_indexes()
        await self.lookup.prepare()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What every part is built over."""

    on: Surroundings
    rules: Rules
    stored: Stored
    codes: Codes
    code_screen: CodeScreen
    guard: LogInGuard
    hashing: PasswordHashing
    objection_codes: ObjectionCodes
    passwords: PasswordCheck
    saved_codes: SavedCodeCheck
    seats: ContactSeats
    sessions: Sessions


def build_shared(on: Surroundings, rules: Rules, pool: HashingPool) -> Shared:
    """Return what the parts share; nothing is read or written yet."""
    comparisons = Comparisons(on.registry)
    objection_codes = ObjectionCodes(rules.code_keys)
    stored = _build_stored(on, rules, comparisons, objection_codes)
    hashing = PasswordHashing(pool=pool, peppers=rules.peppers, comparisons=comparisons)
    guard = LogInGuard(stored.throttles, stored.identities, rules.guesses)
    return Shared(
        on=on,
        rules=rules,
        stored=stored,
        codes=Codes(
            challenges=stored.challenges,
            wrong_codes=stored.wrong_codes,
            holders=stored.holders,
            sending=_code_sending(on, rules, stored),
            use=stored.code_use,
            rules=rules.codes,
            clock=on.clock,
            ids=on.ids,
        ),
        code_screen=CodeScreen(deliveries=stored.deliveries, rules=rules.codes, clock=on.clock),
        guard=guard,
        hashing=hashing,
        objection_codes=objection_codes,
        passwords=PasswordCheck(
            guard=guard, identities=stored.identities, access=stored.access, hashing=hashing, clock=on.clock
        ),
        saved_codes=SavedCodeCheck(hashing),
        seats=ContactSeats(reservations=on.reservations, index=on.blind_index, holders=stored.holders),
        sessions=Sessions(
            access=stored.access,
            pending=stored.pending,
            cipher=on.cipher,
            lifetimes=rules.lifetimes,
            clock=on.clock,
        ),
    )


def _code_sending(on: Surroundings, rules: Rules, stored: Stored) -> CodeSending:
    return CodeSending(
        challenges=stored.challenges,
        throttles=stored.throttles,
        identities=stored.identities,
        deliveries=stored.deliveries,
        use=stored.code_use,
        outbox=stored.outbox,
        rules=rules.codes,
        clock=on.clock,
        ids=on.ids,
    )


def _build_stored(on: Surroundings, rules: Rules, comparisons: Comparisons, objection_codes: ObjectionCodes) -> Stored:
    holders = Holders(on.store)
    objections = ObjectionDocuments(on.database, on.blind_index, objection_codes)
    return Stored(
        access=AccessDocuments(on.database),
        challenges=Challenges(on.database, code_keys=rules.code_keys, rules=rules.codes, comparisons=comparisons),
        code_use=CodeUse(on.database, on.registry),
        deliveries=Deliveries(on.database),
        holders=holders,
        identities=Identities(on.reservations, on.blind_index),
        lookup=SessionLookup(on.database, rules.lifetimes),
        objections=objections,
        outbox=SecretsOutbox(on.database, carrier=on.carrier, clock=on.clock),
        pending=PendingChanges(on.database, store=on.store, holders=holders, objections=objections),
        throttles=Throttles(on.database),
        wrong_codes=WrongCodes(on.database),
    )
