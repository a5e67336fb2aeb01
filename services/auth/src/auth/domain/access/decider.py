"""The rules of every subject put together: what a command makes happen, and what follows from it."""

from collections.abc import Sequence
from typing import assert_never

from ansinh_kit.decider import Decider

from auth.domain.access.activation import activate
from auth.domain.access.commands import AccessCommand, Activate, EndSession, Lock, OpenSession
from auth.domain.access.locks import lock
from auth.domain.access.sessions import end_session, open_session, session_of
from auth.domain.access.state import Access
from auth.domain.access_events import AccessEvent, AccountActivated, AccountLocked, SessionOpened, SessionRevoked


def decide(command: AccessCommand, state: Access) -> list[AccessEvent]:
    match command:
        case Activate():
            return activate(command, state)
        case Lock():
            return lock(command, state)
        case OpenSession():
            return open_session(command, state)
        case EndSession():
            return end_session(command, state)
        case _:
            assert_never(command)


def evolve(state: Access, event: AccessEvent) -> Access:
    counted = {"epoch": event.epoch, "version": state.version + 1}
    match event:
        case AccountActivated():
            return state.model_copy(update={**counted, "status": "active"})
        case AccountLocked():
            return state.model_copy(update={**counted, "status": "locked"})
        case SessionRevoked():
            return state.model_copy(update={**counted, "session": None})
        case SessionOpened():
            return state.model_copy(update={**counted, "session": session_of(event), "ever_logged_in": True})
        case _:
            assert_never(event)


def access_of(initial: Access) -> Decider[AccessCommand, Access, AccessEvent]:
    """Return the decider that starts from `initial`: an account's ids are known before its first event."""
    return Decider(initial, decide, evolve)


def fold(state: Access, events: Sequence[AccessEvent]) -> Access:
    return access_of(state).fold(events)
