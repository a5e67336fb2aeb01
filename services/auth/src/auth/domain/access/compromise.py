"""A password that others may know lets nobody in: it is replaced first, and that takes a code (OTC-13).

A way in that rests on no password, a passkey or an e-ID, is left as it is. Whatever sets another password ends it:
this change, one in a session, a recovery.
"""

from auth.domain.access.commands import MarkPasswordCompromised, ReplaceCompromisedPassword
from auth.domain.access.refusals import NoPasswordError, NotActiveError, ShownNoMoreError
from auth.domain.access.sessions import revoked
from auth.domain.access.state import Access
from auth.domain.access_events import AccessEvent, PasswordChanged, PasswordMarkedCompromised


def mark_compromised(command: MarkPasswordCompromised, state: Access) -> list[AccessEvent]:
    """End every session, too: whoever is in may have come in with that password."""
    if not _has_password(state):
        raise NoPasswordError
    if state.password_compromised:
        return []
    marked = PasswordMarkedCompromised(
        account_id=state.account_id,
        person_id=state.person_id,
        epoch=state.epoch + 1,
        occurred_at=command.now,
        reason=command.reason,
        staff_id=command.staff_id,
        agency_code=command.agency_code,
    )
    return [*revoked(state, "ended_by_staff", command.now), marked]


def replace_compromised(command: ReplaceCompromisedPassword, state: Access) -> list[AccessEvent]:
    """Open nothing: the holder logs in with the new password, as anybody does."""
    if state.status != "active":
        raise NotActiveError
    if not state.password_compromised or command.password_epoch != state.password_epoch:
        raise ShownNoMoreError
    changed = PasswordChanged(
        account_id=state.account_id, person_id=state.person_id, epoch=state.epoch + 1, occurred_at=command.now
    )
    return [*revoked(state, "password_changed", command.now), changed]


def _has_password(state: Access) -> bool:
    return (state.status if state.lock is None else state.lock.before) == "active"
