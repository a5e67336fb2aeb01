"""A contact was changed in the account: the record its holder reads reaches the person by the same from now on."""

from ansinh_contracts.auth import ContactChangedV1
from ansinh_kit.clock import Clock
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from records.domain.participant.commands import FollowAccount
from records.domain.participant.errors import ParticipantNotFoundError
from records.handlers.context import CommandContext
from records.handlers.participants import Participants
from records.projections.read_model import ReadModel


class Following:
    def __init__(
        self, *, participants: Participants, account_links: ReadModel, cipher: PersonalDataCipher, clock: Clock
    ) -> None:
        self._participants = participants
        self._account_links = account_links
        self._cipher = cipher
        self._clock = clock

    async def contact_changed(self, incoming: IncomingEvent) -> None:
        """Change how the linked person is reached; without a linked record there is nothing to change.

        Raises:
            PermanentError: The event came without the contact sealed for this service.
        """
        event = incoming.event
        if not isinstance(event, ContactChangedV1):
            raise PermanentError("unexpected_event")
        link = await self._account_links.get(event.person_id)
        if link is None or link["status"] != "linked" or await self._cipher.is_forgotten(event.person_id):
            return
        if event.contact is None:
            raise PermanentError("contact_missing")
        command = FollowAccount(
            person_id=event.person_id, phone=event.contact.phone, email=event.contact.email, at=self._clock.now()
        )
        context = CommandContext(incoming.event_id, incoming.metadata_for("records"))
        try:
            await self._participants.handle(str(link["participant_id"]), command, context)
        except ParticipantNotFoundError:
            return  # forgotten while the event was on its way
