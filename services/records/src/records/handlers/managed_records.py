"""What openings and disputes need to know of a participant, asked of the participant itself: no view lags behind it."""

from records.domain.dispute.events import Contact
from records.domain.participant.errors import ParticipantNotFoundError
from records.domain.participant.state import Participant
from records.handlers.disputes import Disputant
from records.handlers.openings import ManagedRecord
from records.handlers.participants import Participants


class ManagedRecords:
    """Serves `Managed` and `Disputants`. A merged record is the one it went on in."""

    def __init__(self, participants: Participants) -> None:
        self._participants = participants

    async def managed(self, participant_id: str) -> ManagedRecord | None:
        state = await self._standing(participant_id)
        return (
            None
            if state is None
            else ManagedRecord(state.participant_id, state.agency_code, restricted=state.restricted)
        )

    async def find(self, participant_id: str) -> Disputant | None:
        state = await self._standing(participant_id)
        return None if state is None else Disputant(state.agency_code, contact_of(state))

    async def _standing(self, participant_id: str) -> Participant | None:
        try:
            return (await self._participants.standing(participant_id)).state
        except ParticipantNotFoundError:
            return None


def contact_of(state: Participant) -> Contact | None:
    """Return whom to tell; `None` if no phone is on record, or the person was forgotten."""
    if state.identity is None or state.contact is None or state.contact.phone is None:
        return None
    return Contact(full_name=state.identity.full_name, phone=state.contact.phone, email=state.contact.email)
