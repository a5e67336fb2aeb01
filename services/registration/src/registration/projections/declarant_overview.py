"""What a declarant sees of the own declaration, folded from its stream when asked: always current, nothing stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from ansinh_kit.events import RecordedEvent

from registration.domain.declaration import events as happened
from registration.domain.declaration.state import DeclarantStatus
from registration.domain.form import Form
from registration.domain.photos import PHOTO_KINDS, PhotoKind
from registration.domain.reasons import Reason

Step = Literal[
    "started",
    "submitted",
    "checking",
    "rejected",
    "resubmitted",
    "valid",
    "account_opened",
    "account_activated",
    "withdrawn",
]


@dataclass(frozen=True, slots=True)
class TimeLineEntry:
    """A step that was reached; `due_at` where an answer is owed from then on."""

    step: Step
    at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeclarantOverview:
    """`status` is the last step that changed who has to act; a declaration set aside reads as sent (ADR-0006)."""

    declaration_id: str = ""
    status: DeclarantStatus = "draft"
    version: int = 0
    form: Form = field(default_factory=Form)
    photos: frozenset[PhotoKind] = frozenset()
    dossier_number: str | None = None
    agency_code: str | None = None
    due_at: datetime | None = None
    reasons: Sequence[Reason] = ()
    rejected_fields: Sequence[str] = ()
    time_line: Sequence[TimeLineEntry] = ()

    def missing(self) -> tuple[str, ...]:
        return (*self.form.missing(), *(kind for kind in PHOTO_KINDS if kind not in self.photos))


def declarant_overview(recorded: Sequence[RecordedEvent]) -> DeclarantOverview:
    """Return the overview after all events of one declaration's stream."""
    overview = DeclarantOverview()
    for each in recorded:
        overview = replace(_fold(overview, each.event), version=each.version)
    return overview


def _fold(seen: DeclarantOverview, event: object) -> DeclarantOverview:
    match event:
        case happened.DeclarationStarted():
            return _reached(replace(seen, declaration_id=event.declaration_id), "started", event.occurred_at)
        case happened.FormFilledIn() | happened.FieldsCorrected():
            return replace(seen, form=event.form or Form())
        case happened.PhotoAttached():
            return replace(seen, photos=seen.photos | {event.kind})
        case happened.DeclarationSubmitted() | happened.DeclarationSetAside() | happened.DeclarationResubmitted():
            return _sent(seen, event)
        case happened.DeclarationRejected():
            rejected = replace(
                seen, status="rejected", due_at=None, reasons=event.reasons or (), rejected_fields=event.rejected_fields
            )
            return _reached(rejected, "rejected", event.occurred_at)
        case _:
            return _turned(seen, event)


def _sent(
    seen: DeclarantOverview,
    event: happened.DeclarationSubmitted | happened.DeclarationSetAside | happened.DeclarationResubmitted,
) -> DeclarantOverview:
    step: Literal["submitted", "resubmitted"] = "submitted" if seen.dossier_number is None else "resubmitted"
    sent = replace(
        seen,
        status=step,
        dossier_number=event.dossier_number,
        agency_code=event.agency_code,
        due_at=event.due_at,
        reasons=(),
        rejected_fields=(),
    )
    return _reached(sent, step, event.occurred_at, due_at=event.due_at)


def _turned(seen: DeclarantOverview, event: object) -> DeclarantOverview:  # noqa: PLR0911  # one case an event
    match event:
        case happened.DeclarationClaimed():
            return _reached(replace(seen, status="checking"), "checking", event.occurred_at)
        case happened.DeclarationReleased():
            # Back in the queue: the declarant's step before the check counts again, and no new one is shown.
            resubmitted = any(entry.step == "resubmitted" for entry in seen.time_line)
            return replace(seen, status="resubmitted" if resubmitted else "submitted")
        case happened.DeclarationFoundValid():
            return _reached(replace(seen, status="valid", due_at=None), "valid", event.occurred_at)
        case happened.DeclarationWithdrawn():
            return _reached(replace(seen, status="withdrawn", due_at=None), "withdrawn", event.occurred_at)
        case happened.AccountOpenedForDeclarant():
            return _reached(seen, "account_opened", event.occurred_at)
        case happened.AccountActivatedByDeclarant():
            return _reached(seen, "account_activated", event.occurred_at)
        case _:
            return seen


def _reached(seen: DeclarantOverview, step: Step, at: datetime, *, due_at: datetime | None = None) -> DeclarantOverview:
    return replace(seen, time_line=(*seen.time_line, TimeLineEntry(step, at, due_at)))
