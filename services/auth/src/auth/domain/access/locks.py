"""Nobody enters a locked account, and whoever is in is out at once. Unlocked, it is what it was before."""

from auth.domain.access.commands import Lock, Unlock
from auth.domain.access.sessions import revoked
from auth.domain.access.state import Access, AccountLock
from auth.domain.access_events import AccessEvent, AccountLocked, AccountUnlocked


def lock(command: Lock, state: Access) -> list[AccessEvent]:
    if state.lock is not None and (state.lock.by == "staff" or command.by == "holder"):
        return []
    locked = AccountLocked(
        account_id=state.account_id,
        person_id=state.person_id,
        epoch=state.epoch + 1,
        occurred_at=command.now,
        reason=command.reason,
        by=command.by,
        staff_id=command.staff_id,
        agency_code=command.agency_code,
    )
    return [*revoked(state, "locked", command.now), locked]


def unlock(command: Unlock, state: Access) -> list[AccessEvent]:
    if state.lock is None:
        return []
    return [
        AccountUnlocked(
            account_id=state.account_id,
            person_id=state.person_id,
            epoch=state.epoch + 1,
            occurred_at=command.now,
            reason=command.reason,
            staff_id=command.staff_id,
            agency_code=command.agency_code,
        )
    ]


def lock_of(event: AccountLocked, state: Access) -> AccountLock:
    """Return the lock; staff who lock over a holder's lock leave what was before it."""
    return AccountLock(by=event.by, before=state.status if state.lock is None else state.lock.before)
