"""What an officer of the receiving agency may do: claim, release, reject with reasons, find valid."""

from typing import assert_never

from registration.domain.declaration import commands as asked
from registration.domain.declaration import events as happened
from registration.domain.declaration.commands import Officer, OfficerCommand
from registration.domain.declaration.errors import (
    AlreadyClaimedError,
    AlreadyDecidedError,
    DeclarationNotFoundError,
    IncompleteDeclarationError,
    NotClaimedError,
    NotInQueueError,
    ReasonMissingError,
    UnknownReasonError,
)
from registration.domain.declaration.events import Holder, Residence
from registration.domain.declaration.state import Declaration, DeclarationEvent
from registration.domain.form_copy import PlaceNames, address_line
from registration.domain.reasons import is_known_reason
from registration.domain.rules.address import Address


def decide(command: OfficerCommand, state: Declaration) -> list[DeclarationEvent]:
    dossier_number, agency_code = dossier_for(command.officer, state)
    match command:
        case asked.ClaimDeclaration():
            return _claim(command, state, dossier_number)
        case asked.ReleaseDeclaration():
            return _release(command, state)
        case asked.RejectDeclaration():
            return _reject(command, state, dossier_number, agency_code)
        case asked.FindDeclarationValid():
            return _find_valid(command, state, dossier_number, agency_code)
        case _:
            assert_never(command)


def refuse_unless_in_charge(officer: Officer, state: Declaration) -> None:
    """Raise unless the officer may see form and photos: who checks the declaration, or has just decided it (S-82)."""
    dossier_for(officer, state)
    if state.status not in ("checking", "rejected", "valid") or state.officer_id != officer.officer_id:
        raise NotClaimedError


def dossier_for(officer: Officer, state: Declaration) -> tuple[str, str]:
    """Return dossier number and agency of a declaration the officer may know of.

    Raises:
        DeclarationNotFoundError: It is another agency's, a draft nobody sent, or its person was forgotten.
    """
    if state.status == "forgotten":
        raise DeclarationNotFoundError
    if state.dossier_number is None or state.agency_code is None or officer.agency_code != state.agency_code:
        raise DeclarationNotFoundError
    return state.dossier_number, state.agency_code


def _claim(command: asked.ClaimDeclaration, state: Declaration, dossier_number: str) -> list[DeclarationEvent]:
    if state.status == "checking" and state.officer_id is not None:
        if state.officer_id == command.officer.officer_id:
            return []
        raise AlreadyClaimedError(state.officer_id)
    if state.status not in ("submitted", "resubmitted"):
        raise NotInQueueError(state.status)
    claimed = happened.DeclarationClaimed(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        dossier_number=dossier_number,
        agency_code=command.officer.agency_code,
        officer_id=command.officer.officer_id,
    )
    return [claimed]


def _release(command: asked.ReleaseDeclaration, state: Declaration) -> list[DeclarationEvent]:
    if state.status != "checking" or state.officer_id != command.officer.officer_id:
        raise NotClaimedError
    released = happened.DeclarationReleased(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        officer_id=command.officer.officer_id,
    )
    return [released]


def _reject(
    command: asked.RejectDeclaration, state: Declaration, dossier_number: str, agency_code: str
) -> list[DeclarationEvent]:
    _refuse_unless_open_for(command.officer, state)
    if not command.reasons:
        raise ReasonMissingError
    unknown = {reason.field for reason in command.reasons if not is_known_reason(reason.field, reason.code)}
    if unknown:
        raise UnknownReasonError(unknown)
    rejected = happened.DeclarationRejected(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        dossier_number=dossier_number,
        agency_code=agency_code,
        language=state.language,
        contact=state.contact(),
        officer_id=command.officer.officer_id,
        rejected_fields=tuple(sorted({reason.field for reason in command.reasons})),
        reasons=tuple(command.reasons),
    )
    return [rejected]


def _find_valid(
    command: asked.FindDeclarationValid, state: Declaration, dossier_number: str, agency_code: str
) -> list[DeclarationEvent]:
    _refuse_unless_open_for(command.officer, state)
    holder = _holder(state, command.names)
    found_valid = happened.DeclarationFoundValid(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        dossier_number=dossier_number,
        agency_code=agency_code,
        language=state.language,
        contact=holder.contact,
        officer_id=command.officer.officer_id,
        holder=holder,
    )
    return [found_valid]


def _refuse_unless_open_for(officer: Officer, state: Declaration) -> None:
    if state.status in ("valid", "rejected"):
        raise AlreadyDecidedError(state.status)
    if state.status in ("withdrawn", "set_aside"):
        raise NotInQueueError(state.status)
    if state.status != "checking" or state.officer_id != officer.officer_id:
        raise NotClaimedError


def _holder(state: Declaration, names: PlaceNames) -> Holder:
    # Complete when it was sent; empty again only if the person was forgotten since.
    form, contact = state.form, state.contact()
    if form.social_insurance_number is None or form.identity is None or contact is None:
        raise IncompleteDeclarationError(state.missing())
    return Holder(
        social_insurance_number=form.social_insurance_number,
        identity=form.identity,
        contact=contact,
        residence=None if form.address is None else _residence(form.address, names),
    )


def _residence(address: Address, names: PlaceNames) -> Residence:
    return Residence(
        layout=address.layout,
        province_code=address.province_code,
        district_code=address.district_code,
        ward_code=address.ward_code,
        line=address_line(address, names),
    )
