"""Whose record an officer may feed."""

from records.domain.offices import Officer
from records.domain.participant.decide_for_officer import refuse_unless_managed
from records.handlers.participants import Participants


async def managed_participant(participants: Participants, participant_id: str, officer: Officer) -> str:
    """Return the participant, or the one it was merged into, if the officer's agency manages the record.

    Raises:
        ParticipantNotFoundError: There is none, or another agency manages it: the two read alike.
    """
    found = (await participants.standing(participant_id)).state
    refuse_unless_managed(officer, found)
    return found.participant_id
