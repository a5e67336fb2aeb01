"""A rotation of the blind index, for what a service in memory has reserved: which keys stand before and after it."""

from dataclasses import dataclass
from typing import Final

from ansinh_kit.event_store.store import EventStore
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.re_indexing import NumbersTold, ReIndexed, ReIndexing
from ansinh_kit.reservations import InMemoryReservations, Key, Reservations

NEW: Final = NamedKey("next", b"x" * 32)


@dataclass(frozen=True)
class Rotation:
    """`keys` are what the service has used so far."""

    store: EventStore
    reservations: Reservations
    keyring: InMemoryKeyring
    keys: KeyList
    numbers_told: NumbersTold

    @property
    def new_index(self) -> BlindIndex:
        """Return the index once the older keys are retired."""
        return BlindIndex(KeyList((NEW,)))

    def reserved(self) -> dict[Key, str]:
        """Return every key that is reserved, and whose it is."""
        assert isinstance(self.reservations, InMemoryReservations)
        held = self.reservations._pending | self.reservations._confirmed
        return {key: pending.owner for key, pending in held.items()}

    async def re_index(self) -> ReIndexed:
        work = ReIndexing(
            store=self.store,
            reservations=self.reservations,
            blind_index=BlindIndex(KeyList((NEW, *self.keys))),
            cipher=PersonalDataCipher(self.keyring),
            numbers_told=self.numbers_told,
        )
        return await work(report=lambda _progress: None)

    async def moves_everything(self) -> int:
        """Re-index, and return how many keys there are: none of them where it was, each its owner's still."""
        before = self.reserved()
        done = await self.re_index()
        after = self.reserved()
        assert done.left == 0
        assert not before.keys() & after.keys(), "stands under the old key still: an event told it that was not read"
        assert sorted(before.values()) == sorted(after.values())
        return len(after)
