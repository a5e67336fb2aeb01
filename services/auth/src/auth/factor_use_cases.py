"""The part of the composition that is about bound devices and passkeys: what lets a holder in beside a password."""

from dataclasses import dataclass

from auth.handlers.device_bindings import DeviceBindings
from auth.handlers.device_proofs import DeviceProofs
from auth.handlers.own_devices import OwnDevices
from auth.handlers.own_passkeys import OwnPasskeys
from auth.handlers.passkey_checks import PasskeyChecks
from auth.handlers.passkey_log_in import PasskeyLogIn
from auth.handlers.session_proofs import SessionProofs
from auth.shared_parts import Shared
from auth.storage.passkey_challenges import PasskeyChallenges
from auth.storage.spent_proofs import SpentProofs


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


def build_factors(shared: Shared) -> FactorUseCases:
    on, stored, rules = shared.on, shared.stored, shared.rules
    spent = SpentProofs(on.database)
    proofs = DeviceProofs(spent=spent, keys=rules.code_keys, rules=rules.proofs, clock=on.clock)
    session_proofs = SessionProofs(access=stored.access, proofs=proofs)
    challenges = PasskeyChallenges(on.database)
    checks = PasskeyChecks(
        challenges=challenges, access=stored.access, rules=rules.passkeys, clock=on.clock, ids=on.ids
    )
    return FactorUseCases(
        proofs=proofs,
        session_proofs=session_proofs,
        device_bindings=DeviceBindings(
            session_proofs=session_proofs,
            codes=shared.codes,
            holders=stored.holders,
            access=stored.access,
            pending=stored.pending,
            cipher=on.cipher,
            clock=on.clock,
            reopening=rules.lifetimes.device_reopening,
        ),
        own_devices=OwnDevices(
            session_proofs=session_proofs,
            access=stored.access,
            pending=stored.pending,
            cipher=on.cipher,
            clock=on.clock,
        ),
        spent=spent,
        passkey_challenges=challenges,
        passkey_checks=checks,
        passkey_log_in=PasskeyLogIn(checks=checks, proofs=proofs, sessions=shared.sessions, cipher=on.cipher),
        own_passkeys=OwnPasskeys(
            session_proofs=session_proofs,
            checks=checks,
            challenges=challenges,
            access=stored.access,
            pending=stored.pending,
            cipher=on.cipher,
            rules=rules.passkeys,
            clock=on.clock,
        ),
    )
