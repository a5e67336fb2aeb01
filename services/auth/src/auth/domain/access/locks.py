"""Nobody enters a locked account, and whoever is in is out at once."""

from auth.domain.access.commands import Lock
from auth.domain.access.sessions import revoked
from auth.domain.access.state import Access
from auth.domain.access_events import AccessEvent, AccountLocked


def lock(command: Lock, state: Access) -> list[AccessEvent]:
    if state.status == "locked":
        return []
    locked = AccountLocked(
        account_id=state.account_id,
        person_id=state.person_id,
        epoch=state.epoch + 1,
        occurred_at=command.now,
        reason=command.reason,
    )
    return [*revoked(state, "locked", command.now), locked]
