"""The queue of each agency: what waits, since when, until when, and who has it. No personal value is in it."""

from collections.abc import Iterable, Sequence
from typing import Any

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from registration.domain.declaration import events as happened


class ReviewQueue:
    """One document per declaration that an agency has to decide; it goes when there is nothing to decide any more."""

    name = "review_queue"
    version = 1
    indexes: Sequence[ViewIndex] = (ViewIndex({"agency_code": 1, "due_at": 1, "_id": 1}),)
    personal_fields: frozenset[str] = frozenset()

    def subject_of(self, document: Document) -> str:
        return str(document["declaration_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case (
                happened.DeclarationSubmitted()
                | happened.DeclarationResubmitted()
                | happened.DeclarationClaimed()
                | happened.DeclarationReleased()
                | happened.DuplicateNoticed()
                | happened.DeclarationRejected()
                | happened.DeclarationFoundValid()
                | happened.DeclarationWithdrawn()
                | happened.DeclarationForgotten()
            ) as concerned:
                return [concerned.declaration_id]
            case _:
                return []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        match event.event:
            case happened.DeclarationSubmitted() as submitted:
                return _waiting(key, submitted, status="submitted", changed_fields=())
            case happened.DeclarationResubmitted() as resubmitted:
                return _waiting(key, resubmitted, status="resubmitted", changed_fields=resubmitted.changed_fields)
            case (
                happened.DeclarationRejected()
                | happened.DeclarationFoundValid()
                | happened.DeclarationWithdrawn()
                | happened.DeclarationForgotten()
            ):
                return None
        return None if document is None else document | _change(document, event.event)


def _waiting(
    key: str,
    sent: happened.DeclarationSubmitted | happened.DeclarationResubmitted,
    *,
    status: str,
    changed_fields: Sequence[str],
) -> Document:
    return {
        "declaration_id": key,
        "dossier_number": sent.dossier_number,
        "agency_code": sent.agency_code,
        "status": status,
        "waiting_as": status,
        "waiting_since": sent.occurred_at,
        "due_at": sent.due_at,
        "claimed_by": None,
        "claimed_at": None,
        "changed_fields": list(changed_fields),
        "duplicates_noticed": 0,
    }


def _change(document: Document, event: object) -> dict[str, Any]:
    match event:
        case happened.DeclarationClaimed():
            return {"status": "checking", "claimed_by": event.officer_id, "claimed_at": event.occurred_at}
        case happened.DeclarationReleased():
            return {"status": document["waiting_as"], "claimed_by": None, "claimed_at": None}
        case happened.DuplicateNoticed():
            return {"duplicates_noticed": document["duplicates_noticed"] + 1}
        case _:
            return {}
