"""The participant's rules. A closed record refuses everything, and says where it went on."""

from collections.abc import Sequence
from typing import Final, assert_never

from ansinh_kit.decider import Decider

from records.domain.participant import commands as asked
from records.domain.participant import events as happened
from records.domain.participant.commands import ParticipantCommand
from records.domain.participant.decide_for_officer import decide_for_officer
from records.domain.participant.decide_for_operator import decide_for_operator
from records.domain.participant.decide_for_system import decide_for_system
from records.domain.participant.errors import (
    ParticipantExistsError,
    ParticipantMergedAwayError,
    ParticipantNotFoundError,
)
from records.domain.participant.events import ParticipantEvent
from records.domain.participant.state import Participant, evolve


def decide(command: ParticipantCommand, state: Participant) -> Sequence[ParticipantEvent]:
    match command:
        case asked.RegisterParticipant():
            return _register(command, state)
        case asked.CloseForMerge(into=into) if state.merged_into == into:
            return []
        case asked.ByOfficer():
            return decide_for_officer(command, _open(state))
        case asked.ForgetParticipant() | asked.RestrictParticipant():
            return decide_for_operator(command, state)
        case (
            asked.LinkAccount()
            | asked.FollowAccount()
            | asked.CloseForMerge()
            | asked.AbandonMerge()
            | asked.TakeOverDuplicate()
        ):
            return decide_for_system(command, _open(state))
        case _:
            assert_never(command)


def _open(state: Participant) -> Participant:
    if state.status in {"absent", "forgotten"}:
        raise ParticipantNotFoundError
    if state.merged_into is not None:
        raise ParticipantMergedAwayError(state.merged_into)
    return state


def _register(command: asked.RegisterParticipant, state: Participant) -> list[ParticipantEvent]:
    if state.status != "absent":
        raise ParticipantExistsError
    return [
        happened.ParticipantRegistered(
            participant_id=command.participant_id,
            occurred_at=command.at,
            agency_code=command.agency_code,
            source=command.source,
            identity=command.identity,
            numbers=command.numbers,
            contact=command.contact,
        )
    ]


participant_decider: Final = Decider(Participant(), decide, evolve)
