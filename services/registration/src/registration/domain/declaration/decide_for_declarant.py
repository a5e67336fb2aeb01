"""What the declarant may do: fill in, attach, send, correct, send again, withdraw."""

from typing import assert_never

from registration.domain.declaration import commands as asked
from registration.domain.declaration import events as happened
from registration.domain.declaration.errors import (
    AlreadyDecidedError,
    AlreadyStartedError,
    AlreadySubmittedError,
    AlreadyWithdrawnError,
    FieldNotRejectedError,
    FormClosedError,
    IncompleteDeclarationError,
    NotCorrectedError,
    NotRejectedError,
    PhotoQuotaError,
    SecondOpenDeclarationError,
)
from registration.domain.declaration.state import Declaration, DeclarationEvent
from registration.domain.form_copy import FormLine, PlaceNames, form_copy
from registration.domain.photos import PHOTOS_MAX, UPLOADED_BYTES_MAX, PhotoKind

Change = asked.FillInForm | asked.AttachPhoto | asked.WithdrawDeclaration
Sending = asked.SubmitDeclaration | asked.ResubmitDeclaration | asked.SetDeclarationAside


def start(command: asked.StartDeclaration, state: Declaration) -> list[DeclarationEvent]:
    if state.status != "absent":
        raise AlreadyStartedError(state.status_for_declarant())
    started = happened.DeclarationStarted(
        declaration_id=command.declaration_id,
        person_id=command.person_id,
        token_hash=command.token_hash,
        language=command.language,
        occurred_at=command.at,
    )
    return [started]


def change(command: Change, state: Declaration) -> list[DeclarationEvent]:
    match command:
        case asked.FillInForm():
            return _fill_in(command, state)
        case asked.AttachPhoto():
            return _attach(command, state)
        case asked.WithdrawDeclaration():
            return _withdraw(command, state)
        case _:
            assert_never(command)


def send(command: Sending, state: Declaration) -> list[DeclarationEvent]:
    match command:
        case asked.SubmitDeclaration():
            return _submit(command, state)
        case asked.ResubmitDeclaration():
            return _resubmit(command, state)
        case asked.SetDeclarationAside():
            return _set_aside(command, state)
        case _:
            assert_never(command)


def _fill_in(command: asked.FillInForm, state: Declaration) -> list[DeclarationEvent]:
    if state.status not in ("draft", "rejected"):
        raise FormClosedError(state.status_for_declarant())
    changed = command.form.changed_since(state.form)
    if not changed:
        return []
    if state.status == "draft":
        filled_in = happened.FormFilledIn(
            declaration_id=state.declaration_id,
            person_id=state.person_id,
            occurred_at=command.at,
            form=command.form,
        )
        return [filled_in]
    accepted = changed - _correctable(state)
    if accepted:
        raise FieldNotRejectedError(accepted)
    corrected = happened.FieldsCorrected(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        corrected_fields=tuple(sorted(changed)),
        form=command.form,
    )
    return [corrected]


def _correctable(state: Declaration) -> frozenset[str]:
    # Without its address, "send by e-mail" cannot stay ticked: the two are corrected together.
    tied = frozenset({"send_by_email"}) if "email" in state.rejected_fields else frozenset()
    return state.rejected_fields | tied


def refuse_unwelcome_photo(kind: PhotoKind, uploaded_bytes: int, state: Declaration) -> None:
    """Raise what `AttachPhoto` would be refused with: asked before the costly look at an upload, too."""
    if state.status not in ("draft", "rejected"):
        raise FormClosedError(state.status_for_declarant())
    if state.status == "rejected" and kind not in state.rejected_fields:
        raise FieldNotRejectedError([kind])
    if state.photos_attached >= PHOTOS_MAX or state.photo_bytes_uploaded + uploaded_bytes > UPLOADED_BYTES_MAX:
        raise PhotoQuotaError(photos_max=PHOTOS_MAX, bytes_max=UPLOADED_BYTES_MAX)


def _attach(command: asked.AttachPhoto, state: Declaration) -> list[DeclarationEvent]:
    refuse_unwelcome_photo(command.kind, command.photo.uploaded_bytes, state)
    attached = happened.PhotoAttached(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        kind=command.kind,
        photo=command.photo,
    )
    return [attached]


def _withdraw(command: asked.WithdrawDeclaration, state: Declaration) -> list[DeclarationEvent]:
    if state.status in ("valid", "rejected"):
        raise AlreadyDecidedError(state.status)
    if state.status == "withdrawn":
        raise AlreadyWithdrawnError(state.status)
    withdrawn = happened.DeclarationWithdrawn(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        dossier_number=state.dossier_number,
        agency_code=state.agency_code,
    )
    return [withdrawn]


def refuse_unsendable(state: Declaration) -> str:
    """Return the agency of a draft that is complete; raise what `SubmitDeclaration` would be refused with."""
    if state.status != "draft":
        raise AlreadySubmittedError(state.status_for_declarant())
    return _agency_of_complete(state)


def refuse_uncorrected(state: Declaration) -> str:
    """Return the dossier number if all is corrected; raise what `ResubmitDeclaration` would be refused with."""
    if state.status != "rejected" or state.dossier_number is None:
        raise NotRejectedError(state.status_for_declarant())
    unchanged = state.rejected_fields - state.changed_since_rejection()
    if unchanged:
        raise NotCorrectedError(unchanged)
    _agency_of_complete(state)
    return state.dossier_number


def _submit(command: asked.SubmitDeclaration, state: Declaration) -> list[DeclarationEvent]:
    agency_code = refuse_unsendable(state)
    if command.open_declaration_id is not None:
        raise SecondOpenDeclarationError(command.open_declaration_id)
    submitted = happened.DeclarationSubmitted(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        dossier_number=command.dossier_number,
        agency_code=agency_code,
        language=state.language,
        contact=state.contact(),
        due_at=command.due_at,
        form_copy=_copy(state, command.names),
    )
    return [submitted]


def _resubmit(command: asked.ResubmitDeclaration, state: Declaration) -> list[DeclarationEvent]:
    dossier_number = refuse_uncorrected(state)
    agency_code = _agency_of_complete(state)
    if command.open_declaration_id is not None:
        raise SecondOpenDeclarationError(command.open_declaration_id)
    resubmitted = happened.DeclarationResubmitted(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        dossier_number=dossier_number,
        agency_code=agency_code,
        language=state.language,
        contact=state.contact(),
        due_at=command.due_at,
        changed_fields=tuple(sorted(state.changed_since_rejection())),
    )
    return [resubmitted]


def _set_aside(command: asked.SetDeclarationAside, state: Declaration) -> list[DeclarationEvent]:
    if state.status == "draft" and command.dossier_number is not None:
        dossier_number = command.dossier_number
    else:
        dossier_number = refuse_uncorrected(state)
    set_aside = happened.DeclarationSetAside(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        dossier_number=dossier_number,
        agency_code=_agency_of_complete(state),
        language=state.language,
        contact=state.contact(),
        due_at=command.due_at,
        form_copy=_copy(state, command.names) if state.status == "draft" else None,
        open_declaration_id=command.open_declaration_id,
    )
    return [set_aside]


def _agency_of_complete(state: Declaration) -> str:
    missing = state.missing()
    agency_code = state.agency_code or state.form.agency_code
    if missing or agency_code is None:
        raise IncompleteDeclarationError(missing)
    return agency_code


def _copy(state: Declaration, names: PlaceNames) -> tuple[FormLine, ...] | None:
    return form_copy(state.form, names, state.language) if state.form.send_by_email else None
