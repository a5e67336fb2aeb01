"""Reservations in which nothing lasts: for a rehearsal that must leave no key behind."""

from collections.abc import Collection

from ansinh_kit.clock import Clock
from ansinh_kit.reservations import InMemoryReservations, Reservations


class RehearsedReservations(InMemoryReservations):
    """What is reserved here is gone afterwards; keys that are really somebody's are that one's here, too."""

    def __init__(self, real: Reservations, clock: Clock) -> None:
        super().__init__(clock=clock)
        self._real = real

    async def find_owner(self, scope: str, key: str) -> str | None:
        return await super().find_owner(scope, key) or await self._real.find_owner(scope, key)

    async def find_owners(self, scope: str, keys: Collection[str]) -> dict[str, str]:
        return await self._real.find_owners(scope, keys) | await super().find_owners(scope, keys)
