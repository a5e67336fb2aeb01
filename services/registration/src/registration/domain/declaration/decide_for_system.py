"""What other parts of the system report about a declaration."""

from datetime import timedelta
from typing import Final, assert_never

from registration.domain.declaration import commands as asked
from registration.domain.declaration import events as happened
from registration.domain.declaration.errors import NotValidError
from registration.domain.declaration.state import Declaration, DeclarationEvent

# A stranger sending duplicates all day must not turn into a stream of messages to the person on file.
DUPLICATE_NOTICE_INTERVAL: Final = timedelta(hours=24)

Report = asked.ForgetDeclaration | asked.NoticeDuplicate | asked.NoteAccountOpened | asked.NoteAccountActivated


def decide(command: Report, state: Declaration) -> list[DeclarationEvent]:
    if state.status == "forgotten":
        return []  # what is reported late is about nobody any more
    match command:
        case asked.ForgetDeclaration():
            return [_forgotten(command, state)]
        case asked.NoticeDuplicate():
            return _notice_duplicate(command, state)
        case asked.NoteAccountOpened():
            return _note_opened(command, state)
        case asked.NoteAccountActivated():
            return _note_activated(command, state)
        case _:
            assert_never(command)


def _forgotten(command: asked.ForgetDeclaration, state: Declaration) -> happened.DeclarationForgotten:
    return happened.DeclarationForgotten(
        declaration_id=state.declaration_id, person_id=state.person_id, occurred_at=command.at
    )


def _notice_duplicate(command: asked.NoticeDuplicate, state: Declaration) -> list[DeclarationEvent]:
    recently = (
        state.duplicate_noticed_at is not None and command.at - state.duplicate_noticed_at < DUPLICATE_NOTICE_INTERVAL
    )
    contact = state.contact()
    if recently or contact is None or state.dossier_number is None or state.agency_code is None:
        return []
    if state.status in ("set_aside", "withdrawn"):
        return []
    noticed = happened.DuplicateNoticed(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        dossier_number=state.dossier_number,
        agency_code=state.agency_code,
        language=state.language,
        contact=contact,
        other_declaration_id=command.other_declaration_id,
    )
    return [noticed]


def _note_opened(command: asked.NoteAccountOpened, state: Declaration) -> list[DeclarationEvent]:
    if state.status != "valid":
        raise NotValidError(state.status)
    if state.account_opened:
        return []
    opened = happened.AccountOpenedForDeclarant(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        account_id=command.account_id,
    )
    return [opened]


def _note_activated(command: asked.NoteAccountActivated, state: Declaration) -> list[DeclarationEvent]:
    if state.status != "valid":
        raise NotValidError(state.status)
    if state.account_activated:
        return []
    activated = happened.AccountActivatedByDeclarant(
        declaration_id=state.declaration_id,
        person_id=state.person_id,
        occurred_at=command.at,
        account_id=command.account_id,
    )
    return [activated]
