"""Who is behind an account: folded from the account's own short stream, personal values decrypted."""

from ansinh_kit.decider import load
from ansinh_kit.errors import NotFoundError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import ERASED

from auth.domain.account import ACCOUNT, Account, Holder, stream_of


class Holders:
    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def account(self, account_id: str) -> Account:
        return (await load(self._store, stream_of(account_id), ACCOUNT)).state

    async def find(self, account_id: str) -> Holder | None:
        """Return the holder; `None` if there is no such citizen's account, or its person was forgotten."""
        holder = (await self.account(account_id)).holder
        return None if holder is None or holder.phone == ERASED else holder

    async def get(self, account_id: str) -> Holder:
        """Return what `find` does.

        Raises:
            NotFoundError: There is no such citizen's account, or its person was forgotten.
        """
        holder = await self.find(account_id)
        if holder is None:
            raise NotFoundError
        return holder
