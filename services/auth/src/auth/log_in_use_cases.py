"""The part of the composition that lets people in: with a password, over another device, after a lock-out."""

from dataclasses import dataclass

from ansinh_kit.projections.view import View

from auth.factor_use_cases import FactorUseCases
from auth.handlers.forced_password_changes import ForcedPasswordChanges
from auth.handlers.lock_outs import LiftLockOut
from auth.handlers.log_in import LogIn
from auth.handlers.log_ins import ShowLogIns
from auth.handlers.password_changes import PasswordChanges
from auth.handlers.staff import StaffLogIn
from auth.handlers.take_over import TakeOvers
from auth.handlers.take_over_warnings import TakeOverWarnings
from auth.projections.log_ins import LogIns
from auth.shared_parts import Shared


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInUseCases:
    citizen: LogIn
    staff: StaffLogIn
    take_overs: TakeOvers
    password_changes: PasswordChanges
    forced_changes: ForcedPasswordChanges
    lift_lock_out: LiftLockOut
    show: ShowLogIns


def build_log_ins(shared: Shared, factors: FactorUseCases) -> LogInUseCases:
    on, stored = shared.on, shared.stored
    forced_changes = _forced_changes(shared, factors)
    return LogInUseCases(
        citizen=LogIn(
            passwords=shared.passwords,
            identities=stored.identities,
            sessions=shared.sessions,
            warnings=TakeOverWarnings(codes=shared.codes, holders=stored.holders),
            forced_changes=forced_changes,
            proofs=factors.proofs,
            cipher=on.cipher,
            clock=on.clock,
        ),
        staff=StaffLogIn(
            passwords=shared.passwords,
            identities=stored.identities,
            access=stored.access,
            sessions=shared.sessions,
            passkeys=factors.passkey_checks,
            cipher=on.cipher,
            clock=on.clock,
        ),
        take_overs=TakeOvers(
            codes=shared.codes,
            sessions=shared.sessions,
            access=stored.access,
            holders=stored.holders,
            saved_codes=shared.saved_codes,
            proofs=factors.proofs,
        ),
        password_changes=_password_changes(shared, factors),
        forced_changes=forced_changes,
        lift_lock_out=LiftLockOut(
            identities=stored.identities, access=stored.access, guard=shared.guard, wrong_codes=stored.wrong_codes
        ),
        show=ShowLogIns(log_ins=View(database=on.database, projection=LogIns(), cipher=on.cipher), guard=shared.guard),
    )


def _password_changes(shared: Shared, factors: FactorUseCases) -> PasswordChanges:
    stored, rules = shared.stored, shared.rules
    return PasswordChanges(
        passwords=shared.passwords,
        rules=rules.passwords,
        hashing=shared.hashing,
        codes=shared.codes,
        access=stored.access,
        pending=stored.pending,
        holders=stored.holders,
        lifetimes=rules.lifetimes,
        session_proofs=factors.session_proofs,
        clock=shared.on.clock,
    )


def _forced_changes(shared: Shared, factors: FactorUseCases) -> ForcedPasswordChanges:
    stored = shared.stored
    return ForcedPasswordChanges(
        codes=shared.codes,
        rules=shared.rules.passwords,
        hashing=shared.hashing,
        access=stored.access,
        pending=stored.pending,
        holders=stored.holders,
        proofs=factors.proofs,
        clock=shared.on.clock,
    )
