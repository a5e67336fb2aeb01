from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from ansinh_kit.clock import Clock
from ansinh_kit.errors import DomainError
from ansinh_kit.event_store.store import EventStore

Key: TypeAlias = tuple[str, str]
"""A scope, and the key only one owner may have in it: a blind index, never a personal value in the clear."""


class AlreadyReservedError(Exception):
    """The key is another owner's. Handlers turn this into what their own rules say about it."""

    def __init__(self, scope: str, owner: str) -> None:
        super().__init__(f"{scope} is reserved by {owner}")
        self.scope = scope
        self.owner = owner


@dataclass(frozen=True, slots=True)
class Pending:
    """A reservation whose commit was not seen yet. Several commands of one owner may have asked for it."""

    scope: str
    key: str
    owner: str
    commit_ids: tuple[str, ...]
    reserved_at: datetime
    contested: bool


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: commits that had come, keys it freed, and reservations nobody else has asked for."""

    confirmed: int
    freed: int
    left: int


class Reservations(ABC):
    """Keys and their owners.

    A command reserves, then appends. If it dies in between, the reservation stays pending; nothing breaks, because
    the same owner may reserve again. `sweep` confirms those whose commit came, and frees those whose commit did not
    come if another owner asked meanwhile.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @abstractmethod
    async def reserve(self, scope: str, key: str, *, owner: str, commit_id: str) -> None:
        """Make the key the owner's, before the commit `commit_id` is appended. The same owner may ask again.

        Raises:
            AlreadyReservedError: It is another owner's.
        """

    @abstractmethod
    async def give_back(self, scope: str, key: str, *, owner: str, commit_id: str) -> None:
        """Undo what this command reserved. What the owner's other commands reserved, or committed, stays."""

    @abstractmethod
    async def release(self, scope: str, key: str, *, owner: str) -> None:
        """Free the key, confirmed or not: the owner needs it no more. Nothing happens if it is another owner's."""

    @abstractmethod
    async def release_unless_asked_anew(self, scope: str, key: str, *, owner: str, known: Collection[str]) -> None:
        """Free the key, confirmed or not, if no commit but those of `known` ever asked for it.

        For an owner that needs the key no more as of those commits, while another command of the same owner may just
        be about to need it again: that one has asked first, so the key then stays.
        """

    @abstractmethod
    async def move(self, scope: str, key: str, to: str) -> bool:
        """Let the owner of `key` hold `to` instead, for the same commits; `False` if `key` is nobody's.

        `to` is there before `key` goes, so at no moment both are free. Broken off in between, it can be done again.

        Raises:
            AlreadyReservedError: `to` is another owner's; nothing was changed.
        """

    @abstractmethod
    async def release_all(self, owner: str) -> None:
        """Free every key of the owner, whatever its scope. It looks at all keys there are: for rare use."""

    @abstractmethod
    async def find_owner(self, scope: str, key: str) -> str | None: ...

    @abstractmethod
    async def find_owners(self, scope: str, keys: Collection[str]) -> dict[str, str]:
        """Return the owners of those of `keys` that have one, in few questions; the caller bounds their number."""

    @abstractmethod
    async def pending_before(self, moment: datetime) -> list[Pending]:
        """Return the pending reservations last asked for before `moment`."""

    @abstractmethod
    async def confirm(self, pending: Pending) -> None:
        """Note that the commit is in the log: from now on only `release` frees the key."""

    @abstractmethod
    async def free(self, pending: Pending) -> None:
        """Free the key, unless its owner has asked for it again since `pending` was read."""

    async def reserve_all(self, keys: Sequence[Key], *, owner: str, commit_id: str) -> None:
        """Reserve every key or none.

        Raises:
            AlreadyReservedError: One is another owner's.
        """
        for index, (scope, key) in enumerate(keys):
            try:
                await self.reserve(scope, key, owner=owner, commit_id=commit_id)
            except AlreadyReservedError:
                await self._give_back_all(keys[:index], owner=owner, commit_id=commit_id)
                raise

    @asynccontextmanager
    async def held(self, keys: Sequence[Key], *, owner: str, commit_id: str) -> AsyncIterator[None]:
        """Hold every key while the commit is made, and give them back if the domain refuses.

        After any other failure they stay pending: the commit may have been written.

        Raises:
            AlreadyReservedError: One is another owner's; then none is held.
        """
        await self.reserve_all(keys, owner=owner, commit_id=commit_id)
        try:
            yield
        except DomainError:
            await self._give_back_all(keys, owner=owner, commit_id=commit_id)
            raise

    async def sweep(self, store: EventStore, older_than: timedelta) -> Swept:
        """Settle the pending reservations last asked for longer than `older_than` ago.

        Args:
            older_than: Longer than any command takes. Too short harms no rule: a command that is overtaken is refused.
        """
        confirmed = freed = left = 0
        for pending in await self.pending_before(self._clock.now() - older_than):
            if await _committed(store, pending):
                await self.confirm(pending)
                confirmed += 1
            elif pending.contested and await _never_will_be_committed(store, pending):
                await self.free(pending)
                freed += 1
            else:
                left += 1
        return Swept(confirmed, freed, left)

    async def _give_back_all(self, keys: Sequence[Key], *, owner: str, commit_id: str) -> None:
        for scope, key in keys:
            await self.give_back(scope, key, owner=owner, commit_id=commit_id)


async def _committed(store: EventStore, pending: Pending) -> bool:
    for commit_id in pending.commit_ids:
        if await store.find_commit(commit_id) is not None:
            return True
    return False


async def _never_will_be_committed(store: EventStore, pending: Pending) -> bool:
    """Bar every commit of the reservation: a writer that wakes up later must not commit without it."""
    for commit_id in pending.commit_ids:
        if not await store.bar(commit_id):
            return False
    return True
