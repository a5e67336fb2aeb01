"""A person is forgotten: no message to them, and no contact, can be read any more (PII-06)."""

from ansinh_contracts.records import PersonForgottenV1
from ansinh_kit.erasure import Erasure
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent


class Forgetting:
    def __init__(self, erasure: Erasure) -> None:
        self._erasure = erasure

    async def person_forgotten(self, incoming: IncomingEvent) -> None:
        """Forget the person under every id: messages about accounts have the holder's, about records the record's."""
        event = incoming.event
        if not isinstance(event, PersonForgottenV1):
            raise PermanentError("unexpected_event")
        holders = (account.person_id for account in event.accounts)
        for subject_id in (event.participant_id, *event.duplicates, *holders):
            await self._erasure.erase(subject_id)
