"""What events of the auth service lead to here: the account's steps appear in the declarant's time line."""

from ansinh_contracts.auth import AccountActivatedV1, AccountOpenedV1
from ansinh_kit.decider import handle
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent

from registration.domain.declaration import commands as asked
from registration.domain.declaration.decide import declaration_decider
from registration.handlers.context import declaration_stream


class AccountSteps:
    """Notes on the declaration that its account was opened and activated. A second delivery changes nothing."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def account_opened(self, incoming: IncomingEvent) -> None:
        if not isinstance(incoming.event, AccountOpenedV1):
            raise PermanentError("unexpected_event")
        opened = incoming.event
        command = asked.NoteAccountOpened(account_id=opened.account_id, at=opened.occurred_at)
        await self._note(opened.declaration_id, command, incoming)

    async def account_activated(self, incoming: IncomingEvent) -> None:
        if not isinstance(incoming.event, AccountActivatedV1):
            raise PermanentError("unexpected_event")
        activated = incoming.event
        command = asked.NoteAccountActivated(account_id=activated.account_id, at=activated.occurred_at)
        await self._note(activated.declaration_id, command, incoming)

    async def _note(
        self,
        declaration_id: str,
        command: asked.NoteAccountOpened | asked.NoteAccountActivated,
        incoming: IncomingEvent,
    ) -> None:
        await handle(
            self._store,
            declaration_stream(declaration_id),
            command,
            declaration_decider,
            commit_id=incoming.event_id,
            metadata=incoming.metadata_for("registration"),
        )
