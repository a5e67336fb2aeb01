from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from ansinh_kit.clock import Clock, SystemClock
from ansinh_kit.reservations.port import AlreadyReservedError, Key, Pending, Reservations


class InMemoryReservations(Reservations):
    """Reservations in this process only: for tests."""

    def __init__(self, *, clock: Clock | None = None) -> None:
        super().__init__(clock or SystemClock())
        self._pending: dict[Key, Pending] = {}
        self._confirmed: dict[Key, Pending] = {}

    async def reserve(self, scope: str, key: str, *, owner: str, commit_id: str) -> None:
        present = await self.find_owner(scope, key)
        if present not in (None, owner):
            self._contest((scope, key))
            raise AlreadyReservedError(scope, str(present))
        confirmed = self._confirmed.get((scope, key))
        if confirmed is not None:
            commit_ids = dict.fromkeys([*confirmed.commit_ids, commit_id])
            self._confirmed[scope, key] = replace(confirmed, commit_ids=tuple(commit_ids))
            return
        earlier = self._pending.get((scope, key))
        commit_ids = dict.fromkeys([*(earlier.commit_ids if earlier else ()), commit_id])
        contested = earlier is not None and earlier.contested
        self._pending[scope, key] = Pending(scope, key, owner, tuple(commit_ids), self._clock.now(), contested)

    async def give_back(self, scope: str, key: str, *, owner: str, commit_id: str) -> None:
        pending = self._pending.get((scope, key))
        if pending is None or pending.owner != owner:
            return
        others = tuple(other for other in pending.commit_ids if other != commit_id)
        if others:
            self._pending[scope, key] = replace(pending, commit_ids=others)
        else:
            del self._pending[scope, key]

    async def release(self, scope: str, key: str, *, owner: str) -> None:
        if await self.find_owner(scope, key) == owner:
            self._pending.pop((scope, key), None)
            self._confirmed.pop((scope, key), None)

    async def release_unless_asked_anew(self, scope: str, key: str, *, owner: str, known: Collection[str]) -> None:
        found = self._pending.get((scope, key)) or self._confirmed.get((scope, key))
        if found is not None and set(found.commit_ids) <= set(known):
            await self.release(scope, key, owner=owner)

    async def move(self, scope: str, key: str, to: str) -> bool:
        held = self._confirmed if (scope, key) in self._confirmed else self._pending
        found = held.get((scope, key))
        if found is None:
            return False
        present = self._confirmed.get((scope, to)) or self._pending.get((scope, to))
        if present is not None and present.owner != found.owner:
            raise AlreadyReservedError(scope, present.owner)
        commit_ids = dict.fromkeys([*(present.commit_ids if present else ()), *found.commit_ids])
        if (scope, to) in self._confirmed:
            held = self._confirmed
        self._pending.pop((scope, to), None)
        held[scope, to] = replace(found, key=to, commit_ids=tuple(commit_ids))
        await self.release(scope, key, owner=found.owner)
        return True

    async def release_all(self, owner: str) -> None:
        held = [key for key, pending in self._pending.items() if pending.owner == owner]
        held += [key for key, confirmed in self._confirmed.items() if confirmed.owner == owner]
        for scope, key in held:
            await self.release(scope, key, owner=owner)

    async def find_owner(self, scope: str, key: str) -> str | None:
        found = self._pending.get((scope, key)) or self._confirmed.get((scope, key))
        return None if found is None else found.owner

    async def find_owners(self, scope: str, keys: Collection[str]) -> dict[str, str]:
        owners = {key: await self.find_owner(scope, key) for key in keys}
        return {key: owner for key, owner in owners.items() if owner is not None}

    async def pending_before(self, moment: datetime) -> list[Pending]:
        return [pending for pending in self._pending.values() if pending.reserved_at < moment]

    async def confirm(self, pending: Pending) -> None:
        present = self._pending.get((pending.scope, pending.key))
        if present is not None and present.owner == pending.owner:
            self._confirmed[pending.scope, pending.key] = self._pending.pop((pending.scope, pending.key))

    async def free(self, pending: Pending) -> None:
        if self._pending.get((pending.scope, pending.key)) == pending:
            del self._pending[pending.scope, pending.key]

    def _contest(self, key: Key) -> None:
        pending = self._pending.get(key)
        if pending is not None:
            self._pending[key] = replace(pending, contested=True)
