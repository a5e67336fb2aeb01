"""A forgotten password is replaced by proofs that one hand does not hold at the same time (OTC-09, ADR-0013).

An issued code with a saved code or the bound device key; or an officer who has seen the paper, with an issued code at
once and without one when the time to object is over. Two issued codes, or a saved code alone, open nothing.
"""

from ansinh_contracts.auth import RecoveryWay

from auth.domain.access.commands import ApproveRecovery, RecoverPassword, WithdrawRecovery
from auth.domain.access.saved_codes import without
from auth.domain.access.sessions import revoked
from auth.domain.access.state import Access, RecoveryApproval
from auth.domain.access_events import AccessEvent, PasswordRecovered, RecoveryApproved, RecoveryWithdrawn
from auth.domain.recoveries import RecoveryRefusedError


def can_be_recovered(state: Access) -> bool:
    """Tell whether there is a password to replace. The holder's own lock is opened by it, one by staff is not."""
    return state.status == "active" or (state.lock is not None and state.lock.by == "holder")


def approve_recovery(command: ApproveRecovery, state: Access) -> list[AccessEvent]:
    """An approval takes the place of an earlier one of another recovery; the same one twice is once."""
    if not can_be_recovered(state):
        raise RecoveryRefusedError
    if state.approval is not None and state.approval.recovery_id == command.recovery_id:
        return []
    return [
        RecoveryApproved(
            account_id=state.account_id,
            person_id=state.person_id,
            epoch=state.epoch + 1,
            occurred_at=command.now,
            recovery_id=command.recovery_id,
            staff_id=command.staff_id,
            agency_code=command.agency_code,
            reason=command.reason,
            paper=command.paper,
            opens_at=command.opens_at,
            ends_at=command.ends_at,
        )
    ]


def withdraw_recovery(command: WithdrawRecovery, state: Access) -> list[AccessEvent]:
    if state.approval is None:
        return []
    return [
        RecoveryWithdrawn(
            account_id=state.account_id,
            person_id=state.person_id,
            epoch=state.epoch + 1,
            occurred_at=command.now,
            recovery_id=state.approval.recovery_id,
            by=command.by,
            staff_id=command.staff_id,
            agency_code=command.agency_code,
        )
    ]


def recover_password(command: RecoverPassword, state: Access) -> list[AccessEvent]:
    way = way_of(command, state)
    if way is None or not can_be_recovered(state):
        raise RecoveryRefusedError
    recovered = PasswordRecovered(
        account_id=state.account_id,
        person_id=state.person_id,
        epoch=state.epoch + 1,
        occurred_at=command.now,
        recovery_id=command.recovery_id,
        way=way,
        saved_code=command.saved_code if way == "saved_code" else None,
    )
    return [*revoked(state, "password_changed", command.now), recovered]


def way_of(command: RecoverPassword, state: Access) -> RecoveryWay | None:
    """Return which way the proofs lead; `None` if they do not suffice. A code made under another password is none."""
    has_code = command.code_of == state.password_epoch
    if has_code and command.device_key:
        return "device_key"
    if has_code and command.saved_code in state.saved_codes:
        return "saved_code"
    return "counter" if _approved(command, state.approval, has_code=has_code) else None


def _approved(command: RecoverPassword, approval: RecoveryApproval | None, *, has_code: bool) -> bool:
    if approval is None or approval.recovery_id != command.recovery_id or command.now >= approval.ends_at:
        return False
    return has_code or command.now >= approval.opens_at


def kept_after(event: PasswordRecovered, state: Access) -> dict[str, object]:
    """Return what else of the holder's is still good: whoever had to come to the counter has lost all of it."""
    if event.way == "counter":
        return {"saved_codes": (), "devices": (), "passkeys": ()}
    return {"saved_codes": without(event.saved_code, state)}


def approval_of(event: RecoveryApproved) -> RecoveryApproval:
    return RecoveryApproval(recovery_id=event.recovery_id, opens_at=event.opens_at, ends_at=event.ends_at)
