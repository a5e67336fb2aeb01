"""What can be asked of a declaration. Everything a decision needs from outside (time, numbers, look-ups) is in here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registration.domain.form import Form
from registration.domain.form_copy import PlaceNames
from registration.domain.language import Language
from registration.domain.photos import PhotoKind, StoredPhoto
from registration.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Officer:
    """Who decides, and for which agency."""

    officer_id: str
    agency_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDeclaration:
    declaration_id: str
    person_id: str
    token_hash: str
    language: Language
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FillInForm:
    """Replace the draft's form, or correct the rejected fields of a rejected declaration."""

    form: Form
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachPhoto:
    kind: PhotoKind
    photo: StoredPhoto
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitDeclaration:
    """Send the draft. `open_declaration_id` names another open declaration of the same person, if there is one.

    `names` are those behind the form's codes, for the copy that is mailed if the declarant asked for it.
    """

    dossier_number: str
    due_at: datetime
    open_declaration_id: str | None
    names: PlaceNames
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDeclarationAside:
    """Take a second declaration of the same person in without queueing it. `dossier_number` only for a draft."""

    dossier_number: str | None
    due_at: datetime
    open_declaration_id: str
    names: PlaceNames
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetDeclaration:
    """Close the declaration for ever: its person was forgotten."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDuplicate:
    """Tell the contact on file that another declaration for this person came in."""

    other_declaration_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDeclaration:
    officer: Officer
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDeclaration:
    officer: Officer
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectDeclaration:
    officer: Officer
    reasons: Sequence[Reason]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindDeclarationValid:
    officer: Officer
    names: PlaceNames
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResubmitDeclaration:
    """Send the corrected declaration again. `open_declaration_id` as in `SubmitDeclaration`."""

    due_at: datetime
    open_declaration_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDeclaration:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAccountOpened:
    account_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAccountActivated:
    account_id: str
    at: datetime


OfficerCommand = ClaimDeclaration | ReleaseDeclaration | RejectDeclaration | FindDeclarationValid
DeclarationCommand = (
    StartDeclaration
    | FillInForm
    | AttachPhoto
    | SubmitDeclaration
    | SetDeclarationAside
    | NoticeDuplicate
    | OfficerCommand
    | ResubmitDeclaration
    | WithdrawDeclaration
    | ForgetDeclaration
    | NoteAccountOpened
    | NoteAccountActivated
)
