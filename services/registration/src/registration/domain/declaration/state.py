"""What decisions need to know of a declaration's past. Read models hold the rest."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, assert_never

from registration.domain.declaration import events as happened
from registration.domain.declaration.events import Contact
from registration.domain.form import Form
from registration.domain.language import Language
from registration.domain.photos import PHOTO_KINDS, PhotoKind, StoredPhoto

Status = Literal[
    "absent",
    "draft",
    "submitted",
    "set_aside",
    "checking",
    "rejected",
    "resubmitted",
    "valid",
    "withdrawn",
    "forgotten",
]
DeclarantStatus = Literal["draft", "submitted", "checking", "rejected", "resubmitted", "valid", "withdrawn"]

DeclarationEvent = (
    happened.DeclarationStarted
    | happened.FormFilledIn
    | happened.PhotoAttached
    | happened.DeclarationSubmitted
    | happened.DeclarationSetAside
    | happened.DuplicateNoticed
    | happened.DeclarationClaimed
    | happened.DeclarationReleased
    | happened.DeclarationRejected
    | happened.FieldsCorrected
    | happened.DeclarationResubmitted
    | happened.DeclarationFoundValid
    | happened.DeclarationWithdrawn
    | happened.AccountOpenedForDeclarant
    | happened.AccountActivatedByDeclarant
    | happened.DeclarationForgotten
)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What happened so far, as far as it matters.

    `officer_id` is who has claimed the declaration, and after the decision who made it. `rejected_form` and
    `rejected_photos` are what was rejected: corrections are told from them.
    """

    status: Status = "absent"
    declaration_id: str = ""
    person_id: str = ""
    token_hash: str = ""
    language: Language = "vi"
    form: Form = field(default_factory=Form)
    photos: Mapping[PhotoKind, StoredPhoto] = field(default_factory=dict)
    photos_attached: int = 0
    photo_bytes_uploaded: int = 0
    dossier_number: str | None = None
    agency_code: str | None = None
    officer_id: str | None = None
    rejected_fields: frozenset[str] = frozenset()
    rejected_form: Form = field(default_factory=Form)
    rejected_photos: Mapping[PhotoKind, StoredPhoto] = field(default_factory=dict)
    was_resubmitted: bool = False
    duplicate_noticed_at: datetime | None = None
    account_opened: bool = False
    account_activated: bool = False

    def is_held_by(self, token_hash: str) -> bool:
        """Say whether `token_hash` is that of the declarant's token. Takes the same time for any wrong one."""
        return self.status not in ("absent", "forgotten") and hmac.compare_digest(self.token_hash, token_hash)

    def missing(self) -> tuple[str, ...]:
        """Return the required fields and photos that are not there yet."""
        return (*self.form.missing(), *(kind for kind in PHOTO_KINDS if kind not in self.photos))

    def changed_since_rejection(self) -> frozenset[str]:
        """Return the fields and photos that are no longer what was rejected."""
        photos = {kind for kind in PHOTO_KINDS if self.photos.get(kind) != self.rejected_photos.get(kind)}
        return self.form.changed_since(self.rejected_form) | photos

    @property
    def sent_form(self) -> Form:
        """The form as it was sent last: corrections under way are the declarant's alone until they are sent."""
        return self.rejected_form if self.status == "rejected" else self.form

    @property
    def sent_photos(self) -> Mapping[PhotoKind, StoredPhoto]:
        """The photos as they were sent last, likewise."""
        return self.rejected_photos if self.status == "rejected" else self.photos

    def status_for_declarant(self) -> DeclarantStatus:
        """Return the status as the declarant may know it: a declaration set aside looks like one in the queue."""
        match self.status:
            case "absent" | "forgotten":
                return "draft"
            case "set_aside":
                return "resubmitted" if self.was_resubmitted else "submitted"
            case known:
                return known

    def contact(self) -> Contact | None:
        """Return how to reach the declarant; `None` if the form does not say, or the person was forgotten."""
        if self.form.full_name is None or self.form.phone is None:
            return None
        return Contact(full_name=self.form.full_name, phone=self.form.phone, email=self.form.email)


def evolve(state: Declaration, event: DeclarationEvent) -> Declaration:  # noqa: C901, PLR0911, PLR0912  # one case an event
    match event:
        case happened.DeclarationStarted():
            return _begun(event)
        case happened.FormFilledIn() | happened.FieldsCorrected():
            return replace(state, form=event.form or Form())
        case happened.PhotoAttached():
            return _with_photo(state, event)
        case happened.DeclarationSubmitted():
            return replace(
                state, status="submitted", dossier_number=event.dossier_number, agency_code=event.agency_code
            )
        case happened.DeclarationSetAside():
            return replace(
                state,
                status="set_aside",
                dossier_number=event.dossier_number,
                agency_code=event.agency_code,
                was_resubmitted=state.status == "rejected",
            )
        case happened.DuplicateNoticed():
            return replace(state, duplicate_noticed_at=event.occurred_at)
        case happened.DeclarationClaimed():
            return replace(state, status="checking", officer_id=event.officer_id)
        case happened.DeclarationReleased():
            return replace(state, status="resubmitted" if state.was_resubmitted else "submitted", officer_id=None)
        case happened.DeclarationRejected():
            return replace(
                state,
                status="rejected",
                rejected_fields=frozenset(event.rejected_fields),
                rejected_form=state.form,
                rejected_photos=state.photos,
            )
        case happened.DeclarationResubmitted():
            return replace(
                state, status="resubmitted", was_resubmitted=True, rejected_fields=frozenset(), officer_id=None
            )
        case happened.DeclarationFoundValid():
            return replace(state, status="valid")
        case happened.DeclarationWithdrawn():
            return replace(state, status="withdrawn", officer_id=None)
        case happened.AccountOpenedForDeclarant():
            return replace(state, account_opened=True)
        case happened.AccountActivatedByDeclarant():
            return replace(state, account_activated=True)
        case happened.DeclarationForgotten():
            return replace(state, status="forgotten", officer_id=None)
        case _:
            assert_never(event)


def _begun(event: happened.DeclarationStarted) -> Declaration:
    return Declaration(
        status="draft",
        declaration_id=event.declaration_id,
        person_id=event.person_id,
        token_hash=event.token_hash,
        language=event.language,
    )


def _with_photo(state: Declaration, event: happened.PhotoAttached) -> Declaration:
    return replace(
        state,
        photos={**state.photos, event.kind: event.photo},
        photos_attached=state.photos_attached + 1,
        photo_bytes_uploaded=state.photo_bytes_uploaded + event.photo.uploaded_bytes,
    )
