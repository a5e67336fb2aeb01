"""Who may change what lets the holder in: not whoever merely has a session's token (SEC-59)."""

from datetime import datetime, timedelta
from typing import Final

from auth.domain.access.refusals import DeviceKeyNeededError, SessionOverError, StrongerLogInNeededError
from auth.domain.access.state import Access, EntryWay, Session

_STRONG: Final[frozenset[EntryWay]] = frozenset({"code", "passkey", "time_code", "e_id"})
_FRESH_FOR: Final = timedelta(minutes=15)


def session_in(state: Access, session_epoch: int) -> Session:
    """Return the session if it is the present one.

    Raises:
        SessionOverError: It is not, any more.
    """
    if state.session is None or state.session.epoch != session_epoch:
        raise SessionOverError
    return state.session


def check_strong(session: Session, proven_by: str | None, now: datetime) -> None:
    """Return if the one who asks has shown enough, just now or a moment ago.

    In a session bound to a device key that is a proof made with it for this request. In any other it is a log-in by
    more than a password, not longer ago than a quarter of an hour.

    Raises:
        DeviceKeyNeededError, StrongerLogInNeededError: They have not.
    """
    if session.device_thumbprint is not None:
        if proven_by != session.device_thumbprint:
            raise DeviceKeyNeededError
        return
    if session.entered_by not in _STRONG or now >= session.issued_at + _FRESH_FOR:
        raise StrongerLogInNeededError
