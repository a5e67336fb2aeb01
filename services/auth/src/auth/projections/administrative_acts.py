"""One document per administrative act: what, about whom, by whom, when and why. Nothing in it is ever changed."""

from collections.abc import Iterable, Sequence

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from auth.domain.integrators.events import IntegratorEvent
from auth.domain.session_endings import AllSessionsEnded
from auth.domain.staff_roster.events import MemberJoined, RosterEvent

# What every act has fields of its own for; the rest are its details.
_COMMON = frozenset({"staff_id", "integrator_id", "revision", "occurred_at", "actor_id", "reason", "user_name"})


class AdministrativeActs:
    name = "administrative_acts"
    version = 3
    indexes: Sequence[ViewIndex] = (
        ViewIndex({"position": -1}),
        ViewIndex({"subject_id": 1, "position": -1}),
        ViewIndex({"actor_id": 1, "position": -1}),
    )
    personal_fields: frozenset[str] = frozenset({"reason"})

    def subject_of(self, document: Document) -> str:
        return str(document["subject_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        return [event.event_id] if isinstance(event.event, RosterEvent | IntegratorEvent | AllSessionsEnded) else []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        fact = event.event
        if not isinstance(fact, RosterEvent | IntegratorEvent | AllSessionsEnded):
            return document
        facts = fact.model_dump(mode="json")
        return {
            "event_id": key,
            "position": event.position,
            "act": fact.event_type,
            "subject_id": fact.subject_id(),
            "actor_id": fact.staff_id if isinstance(fact, MemberJoined) else fact.actor_id,
            "at": facts["occurred_at"],
            "reason": facts.get("reason"),
            "details": {name: value for name, value in facts.items() if name not in _COMMON},
        }
