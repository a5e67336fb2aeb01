"""The part of the composition that is about forgotten passwords, saved codes and locks."""

import asyncio
from dataclasses import dataclass

from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.proof_of_work import ProofOfWork
from ansinh_kit.human_check.spent import MongoSpentChallenges

from auth.handlers.compromised_passwords import CompromisedPasswords
from auth.handlers.counter import CounterRecoveries
from auth.handlers.counter_accounts import CounterAccounts
from auth.handlers.device_proofs import DeviceProofs
from auth.handlers.locks import Locks
from auth.handlers.recovery_completed import CompleteRecovery
from auth.handlers.recovery_devices import SigningDevices
from auth.handlers.recovery_prepared import PrepareRecoveries
from auth.handlers.recovery_started import StartRecovery
from auth.handlers.saved_codes import SavedCodes
from auth.shared_parts import Shared
from auth.storage.recoveries import RecoveryDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryUseCases:
    human_check: HumanCheck
    start: StartRecovery
    prepare: PrepareRecoveries
    complete: CompleteRecovery
    saved_codes: SavedCodes
    counter: CounterRecoveries
    locks: Locks
    compromised_passwords: CompromisedPasswords
    documents: RecoveryDocuments
    spent: MongoSpentChallenges

    async def prepare_storage(self) -> None:
        """Make the indexes; harmless when they are there."""
        await self.documents.create_indexes()
        await self.spent.prepare()


def build_recovery(shared: Shared, proofs: DeviceProofs) -> RecoveryUseCases:
    on, stored, rules = shared.on, shared.stored, shared.rules
    documents, spent = RecoveryDocuments(on.database), MongoSpentChallenges(on.database)
    bell = asyncio.Event()
    accounts = CounterAccounts(identities=stored.identities, holders=stored.holders)
    counter = CounterRecoveries(
        documents=documents,
        accounts=accounts,
        access=stored.access,
        pending=stored.pending,
        throttles=stored.throttles,
        rules=rules.recovery,
        clock=on.clock,
    )
    return RecoveryUseCases(
        # A key of its own is derived for this purpose: what signs challenges makes no one-time code.
        human_check=ProofOfWork(
            rules.code_keys,
            spent,
            clock=on.clock,
            ids=on.ids,
            difficulty_bits=rules.work.difficulty_bits,
            lifetime=rules.work.lifetime,
        ),
        start=StartRecovery(
            documents=documents,
            identities=stored.identities,
            throttles=stored.throttles,
            rules=rules.recovery,
            bell=bell,
            clock=on.clock,
            ids=on.ids,
        ),
        prepare=PrepareRecoveries(
            documents=documents,
            identities=stored.identities,
            holders=stored.holders,
            access=stored.access,
            codes=shared.codes,
            bell=bell,
            clock=on.clock,
        ),
        complete=CompleteRecovery(
            documents=documents,
            codes=shared.codes,
            saved_codes=shared.saved_codes,
            devices=SigningDevices(proofs),
            holders=stored.holders,
            access=stored.access,
            pending=stored.pending,
            hashing=shared.hashing,
            throttles=stored.throttles,
            passwords=rules.passwords,
            rules=rules.recovery,
            clock=on.clock,
        ),
        saved_codes=SavedCodes(
            passwords=shared.passwords,
            access=stored.access,
            pending=stored.pending,
            hashing=shared.hashing,
            clock=on.clock,
        ),
        counter=counter,
        locks=Locks(accounts=accounts, access=stored.access, pending=stored.pending, clock=on.clock),
        compromised_passwords=CompromisedPasswords(
            accounts=accounts, access=stored.access, pending=stored.pending, clock=on.clock
        ),
        documents=documents,
        spent=spent,
    )
