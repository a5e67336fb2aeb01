"""Puts together what is about bound devices and passkeys: what lets a holder in beside, or without, the password."""

from dataclasses import dataclass

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.key_list import KeyList
from ansinh_kit.mongo import Database
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.device_proofs import ProofRules
from auth.domain.passkeys import PasskeyRules
from auth.handlers.codes import Codes
from auth.handlers.device_bindings import DeviceBindings
from auth.handlers.device_proofs import DeviceProofs
from auth.handlers.own_devices import OwnDevices
from auth.handlers.own_passkeys import OwnPasskeys
from auth.handlers.passkey_checks import PasskeyChecks
from auth.handlers.passkey_log_in import PasskeyLogIn
from auth.handlers.session_proofs import SessionProofs
from auth.handlers.sessions import Sessions
from auth.storage.access_documents import AccessDocuments
from auth.storage.holders import Holders
from auth.storage.passkey_challenges import PasskeyChallenges
from auth.storage.pending_changes import PendingChanges
from auth.storage.session_lookup import Lifetimes
from auth.storage.spent_proofs import SpentProofs


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorParts:
    """What these use cases share with the rest of the service. Nonces are signed with `nonce_keys`."""

    database: Database
    access: AccessDocuments
    pending: PendingChanges
    holders: Holders
    codes: Codes
    cipher: PersonalDataCipher
    clock: Clock
    nonce_keys: KeyList
    proof_rules: ProofRules
    passkey_rules: PasskeyRules
    sessions: Sessions
    ids: IdGenerator
    lifetimes: Lifetimes


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorUseCases:
    proofs: DeviceProofs
    session_proofs: SessionProofs
    device_bindings: DeviceBindings
    own_devices: OwnDevices
    spent: SpentProofs
    passkey_challenges: PasskeyChallenges
    passkey_checks: PasskeyChecks
    passkey_log_in: PasskeyLogIn
    own_passkeys: OwnPasskeys

    async def prepare(self) -> None:
        """Make indexes; harmless when they are there."""
        await self.spent.create_indexes()
        await self.passkey_challenges.create_indexes()


def build_factors(on: FactorParts) -> FactorUseCases:
    spent = SpentProofs(on.database)
    proofs = DeviceProofs(spent=spent, keys=on.nonce_keys, rules=on.proof_rules, clock=on.clock)
    session_proofs = SessionProofs(access=on.access, proofs=proofs)
    challenges = PasskeyChallenges(on.database)
    checks = PasskeyChecks(challenges=challenges, access=on.access, rules=on.passkey_rules, clock=on.clock, ids=on.ids)
    return FactorUseCases(
        proofs=proofs,
        session_proofs=session_proofs,
        device_bindings=DeviceBindings(
            session_proofs=session_proofs,
            codes=on.codes,
            holders=on.holders,
            access=on.access,
            pending=on.pending,
            cipher=on.cipher,
            clock=on.clock,
            reopening=on.lifetimes.device_reopening,
        ),
        own_devices=OwnDevices(
            session_proofs=session_proofs, access=on.access, pending=on.pending, cipher=on.cipher, clock=on.clock
        ),
        spent=spent,
        passkey_challenges=challenges,
        passkey_checks=checks,
        passkey_log_in=PasskeyLogIn(checks=checks, proofs=proofs, sessions=on.sessions, cipher=on.cipher),
        own_passkeys=OwnPasskeys(
            session_proofs=session_proofs,
            checks=checks,
            challenges=challenges,
            access=on.access,
            pending=on.pending,
            cipher=on.cipher,
            rules=on.passkey_rules,
            clock=on.clock,
        ),
    )
