"""The part of the composition that is about forgotten passwords, saved codes and locks."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.proof_of_work import ProofOfWork
from ansinh_kit.human_check.spent import MongoSpentChallenges
from ansinh_kit.key_list import KeyList
from ansinh_kit.mongo import Database
from ansinh_kit.throttling.mongo import Throttles

from auth.domain.passwords import PasswordRules
from auth.domain.recoveries import RecoveryRules
from auth.handlers.codes import Codes
from auth.handlers.counter import CounterRecoveries
from auth.handlers.locks import Locks
from auth.handlers.password_check import PasswordCheck
from auth.handlers.recovery_completed import CompleteRecovery
from auth.handlers.recovery_devices import BoundDevices
from auth.handlers.recovery_prepared import PrepareRecoveries
from auth.handlers.recovery_started import StartRecovery
from auth.handlers.saved_codes import SavedCodeCheck, SavedCodes
from auth.storage.access_documents import AccessDocuments
from auth.storage.holders import Holders
from auth.storage.identities import Identities
from auth.storage.password_hashing import PasswordHashing
from auth.storage.pending_changes import PendingChanges
from auth.storage.recoveries import RecoveryDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What beginning a recovery costs whoever begins one: 18 bits are a second on a phone."""

    difficulty_bits: int = 18
    lifetime: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryParts:
    """What this part shares with the rest of the service."""

    database: Database
    identities: Identities
    holders: Holders
    access: AccessDocuments
    pending: PendingChanges
    codes: Codes
    throttles: Throttles
    hashing: PasswordHashing
    password_check: PasswordCheck
    passwords: PasswordRules
    devices: BoundDevices
    saved_codes: SavedCodeCheck
    rules: RecoveryRules
    work: Work
    work_keys: KeyList
    clock: Clock
    ids: IdGenerator


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryUseCases:
    human_check: HumanCheck
    start: StartRecovery
    prepare: PrepareRecoveries
    complete: CompleteRecovery
    saved_codes: SavedCodes
    counter: CounterRecoveries
    locks: Locks
    documents: RecoveryDocuments
    spent: MongoSpentChallenges

    async def prepare_storage(self) -> None:
        """Make the indexes; harmless when they are there."""
        await self.documents.create_indexes()
        await self.spent.prepare()


def build_recovery_use_cases(parts: RecoveryParts) -> RecoveryUseCases:
    documents, spent = RecoveryDocuments(parts.database), MongoSpentChallenges(parts.database)
    bell = asyncio.Event()
    counter = CounterRecoveries(
        documents=documents,
        identities=parts.identities,
        access=parts.access,
        pending=parts.pending,
        throttles=parts.throttles,
        rules=parts.rules,
        clock=parts.clock,
    )
    return RecoveryUseCases(
        # A key of its own is derived for this purpose: what signs challenges makes no one-time code.
        human_check=ProofOfWork(
            parts.work_keys,
            spent,
            clock=parts.clock,
            ids=parts.ids,
            difficulty_bits=parts.work.difficulty_bits,
            lifetime=parts.work.lifetime,
        ),
        start=StartRecovery(
            documents=documents,
            identities=parts.identities,
            throttles=parts.throttles,
            rules=parts.rules,
            bell=bell,
            clock=parts.clock,
            ids=parts.ids,
        ),
        prepare=PrepareRecoveries(
            documents=documents,
            identities=parts.identities,
            holders=parts.holders,
            access=parts.access,
            codes=parts.codes,
            bell=bell,
            clock=parts.clock,
        ),
        complete=CompleteRecovery(
            documents=documents,
            codes=parts.codes,
            saved_codes=parts.saved_codes,
            devices=parts.devices,
            holders=parts.holders,
            access=parts.access,
            pending=parts.pending,
            hashing=parts.hashing,
            throttles=parts.throttles,
            passwords=parts.passwords,
            rules=parts.rules,
            clock=parts.clock,
        ),
        saved_codes=SavedCodes(
            passwords=parts.password_check,
            access=parts.access,
            pending=parts.pending,
            hashing=parts.hashing,
            clock=parts.clock,
        ),
        counter=counter,
        locks=Locks(counter=counter, access=parts.access, pending=parts.pending, clock=parts.clock),
        documents=documents,
        spent=spent,
    )
