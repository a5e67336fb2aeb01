"""A declarant's own view of the declaration."""

from ansinh_kit.event_store.store import EventStore

from registration.handlers.context import declaration_stream
from registration.handlers.drafting import declaration_held_by
from registration.projections.declarant_overview import DeclarantOverview, declarant_overview


class Overviews:
    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def of_declarant(self, declaration_id: str, token: str) -> DeclarantOverview:
        """Return what the declarant may see.

        Raises:
            DeclarationNotFoundError: There is none, or the token is another's.
        """
        await declaration_held_by(token, declaration_id, self._store)
        return declarant_overview(await self._store.read_stream(declaration_stream(declaration_id)))
