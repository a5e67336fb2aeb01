"""Every session there is was ended at once: what was decided, by whom and why (SEC-58)."""

from datetime import datetime
from typing import ClassVar, Final

from ansinh_kit.decider import Decider
from ansinh_kit.events import DomainEvent, PersonalText
from pydantic import BaseModel, ConfigDict

STREAM: Final = "session-endings"


class AllSessionsEnded(DomainEvent):
    """No session that was opened up to `occurred_at` counts any more: citizens', staff's, the actor's own.

    Nor does a token that an integrator was given up to then.
    """

    event_type: ClassVar[str] = "all_sessions_ended"
    subject_field: ClassVar[str | None] = "actor_id"

    actor_id: str
    reason: PersonalText
    occurred_at: datetime


class EndAllSessions(BaseModel):
    """Whether the actor may is judged by the roster."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor_id: str
    reason: str
    now: datetime


class SessionEndings(BaseModel):
    """`ended_until` is the newest moment whose sessions are over; `None` if that was never asked for."""

    model_config = ConfigDict(frozen=True)

    ended_until: datetime | None = None


def decide(command: EndAllSessions, state: SessionEndings) -> list[AllSessionsEnded]:
    """Asked for twice it is done twice: there may be new sessions."""
    del state
    return [AllSessionsEnded(actor_id=command.actor_id, reason=command.reason, occurred_at=command.now)]


def evolve(state: SessionEndings, event: AllSessionsEnded) -> SessionEndings:
    before = state.ended_until
    return SessionEndings(ended_until=event.occurred_at if before is None else max(before, event.occurred_at))


SESSION_ENDINGS: Decider[EndAllSessions, SessionEndings, AllSessionsEnded] = Decider(SessionEndings(), decide, evolve)
