"""A new password chosen by one who is in: everybody else is out, and the asker goes on under a new token."""

from auth.domain.access.commands import ChangePassword
from auth.domain.access.factors import session_in
from auth.domain.access.refusals import NotActiveError, SessionOverError
from auth.domain.access.sessions import revoked
from auth.domain.access.state import Access
from auth.domain.access_events import AccessEvent, PasswordChanged, SessionOpened


def change_password(command: ChangePassword, state: Access) -> list[AccessEvent]:
    if state.status != "active":
        raise NotActiveError
    present = session_in(state, command.session_epoch)
    if not present.is_live(command.now):
        raise SessionOverError
    changed = PasswordChanged(
        account_id=state.account_id, person_id=state.person_id, epoch=state.epoch + 1, occurred_at=command.now
    )
    opened = SessionOpened(
        account_id=state.account_id,
        person_id=state.person_id,
        epoch=state.epoch + 1,
        occurred_at=command.now,
        device_kind=present.device_kind,
        idle_until=command.idle_until,
        absolute_until=command.absolute_until,
        device_thumbprint=present.device_thumbprint,
        entered_by="code",
    )
    return [changed, *revoked(state, "password_changed", command.now), opened]
