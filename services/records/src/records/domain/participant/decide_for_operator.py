"""Forgetting a person, or restricting the record where the law demands keeping it. Twice is once."""

from typing import assert_never

from ansinh_kit.visible_text import without_marks

from records.domain.participant import commands as asked
from records.domain.participant import events as happened
from records.domain.participant.commands import OperatorCommand
from records.domain.participant.errors import (
    LegalBasisNamesPersonError,
    MergeUnderWayError,
    ParticipantMergedAwayError,
    ParticipantNotFoundError,
)
from records.domain.participant.events import ParticipantEvent
from records.domain.participant.state import Participant


def decide_for_operator(command: OperatorCommand, state: Participant) -> list[ParticipantEvent]:
    if state.status == "absent":
        raise ParticipantNotFoundError
    if state.merged_into is not None:
        raise ParticipantMergedAwayError(state.merged_into)
    if state.status == "forgotten":
        return []
    match command:
        case asked.ForgetParticipant():
            return [_forget(command, state)]
        case asked.RestrictParticipant():
            restricted = happened.ParticipantRestricted(participant_id=state.participant_id, occurred_at=command.at)
            return [] if state.restricted else [restricted]
        case _:
            assert_never(command)


def _forget(command: asked.ForgetParticipant, state: Participant) -> happened.ParticipantForgotten:
    if state.absorbing:
        # What is on its way here would arrive after the keys are gone.
        raise MergeUnderWayError
    if _names_person(command.legal_basis, state):
        raise LegalBasisNamesPersonError
    return happened.ParticipantForgotten(
        participant_id=state.participant_id,
        occurred_at=command.at,
        legal_basis=command.legal_basis,
        accounts=command.accounts,
        duplicates=command.duplicates,
    )


def _names_person(text: str, state: Participant) -> bool:
    numbers = [number for _, number in state.number_keys()]
    names = [] if state.identity is None else [state.identity.full_name]
    return any(without_marks(value) in without_marks(text) for value in (*numbers, *names))
