"""The first way in: the holder proved to be reachable and chose a password."""

from auth.domain.access.commands import Activate
from auth.domain.access.refusals import AlreadyActiveError
from auth.domain.access.state import Access
from auth.domain.access_events import AccessEvent, AccountActivated


def activate(command: Activate, state: Access) -> list[AccessEvent]:
    if state.status != "opened":
        raise AlreadyActiveError
    return [
        AccountActivated(
            account_id=state.account_id,
            person_id=state.person_id,
            epoch=state.epoch + 1,
            occurred_at=command.now,
            declaration_id=command.declaration_id,
        )
    ]
