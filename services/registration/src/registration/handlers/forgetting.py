"""A person is forgotten: declarations cannot be read any more, and their photos and held numbers are gone (PII-06)."""

from ansinh_contracts.records import PersonForgottenV1
from ansinh_kit.decider import load
from ansinh_kit.erasure import Erasure
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent

from registration.domain.declaration.decide import declaration_decider
from registration.handlers.context import declaration_stream
from registration.storage.photos import Photos


class Forgetting:
    def __init__(self, *, store: EventStore, photos: Photos, erasure: Erasure) -> None:
        self._store = store
        self._photos = photos
        self._erasure = erasure

    async def person_forgotten(self, incoming: IncomingEvent) -> None:
        """Every step can be done again; the keys go first."""
        event = incoming.event
        if not isinstance(event, PersonForgottenV1):
            raise PermanentError("unexpected_event")
        for account in event.accounts:
            await self._erasure.erase(account.person_id, owners=(account.declaration_id,))
            await self._remove_photos(account.declaration_id)

    async def _remove_photos(self, declaration_id: str) -> None:
        declaration = (await load(self._store, declaration_stream(declaration_id), declaration_decider)).state
        for photo in (*declaration.photos.values(), *declaration.rejected_photos.values()):
            await self._photos.remove(photo)
