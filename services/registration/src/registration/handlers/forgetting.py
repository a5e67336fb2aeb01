"""A person is forgotten: declarations cannot be read any more, and their photos and held numbers are gone (PII-06)."""

from datetime import datetime

from ansinh_contracts.records import ForgottenAccount, PersonForgottenV1
from ansinh_kit.decider import handle
from ansinh_kit.erasure import Erasure
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent

from registration.domain.declaration.commands import ForgetDeclaration
from registration.domain.declaration.decide import declaration_decider
from registration.domain.declaration.events import PhotoAttached
from registration.handlers.context import CommandContext, declaration_stream
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
        context = CommandContext(incoming.event_id, incoming.metadata_for("registration"))
        for account in event.accounts:
            await self._erasure.erase(account.person_id, owners=(account.declaration_id,))
            await self._remove_photos(account.declaration_id)
            await self._close(account, event.occurred_at, context)

    async def _remove_photos(self, declaration_id: str) -> None:
        """Remove the files of all photos there ever were: one that was replaced may have stayed after a crash."""
        for recorded in await self._store.read_stream(declaration_stream(declaration_id)):
            if isinstance(recorded.event, PhotoAttached):
                await self._photos.remove(recorded.event.photo)

    async def _close(self, account: ForgottenAccount, at: datetime, context: CommandContext) -> None:
        await handle(
            self._store,
            declaration_stream(account.declaration_id),
            ForgetDeclaration(at=at),
            declaration_decider,
            commit_id=context.derived(f"forget/{account.declaration_id}"),
            metadata=context.metadata,
        )
