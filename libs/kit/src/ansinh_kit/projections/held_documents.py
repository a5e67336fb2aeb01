"""The documents of a build that nobody reads yet: folded in memory, written when their run of events is over."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from ansinh_kit.projections.folding import Folded
from ansinh_kit.projections.stored_documents import StoredDocuments

_SLOTS: Final = 1 << 27


class HeldDocuments:
    """Keeps the `capacity` documents changed last; the others are written, and read again if they change again.

    A document that is changed by a hundred events in a row is so encrypted and written once, and a new one is not
    asked for first. Nothing is in the database for certain before `flush`: a build that is cut short is worth nothing.
    """

    def __init__(self, stored: StoredDocuments, *, capacity: int) -> None:
        self._stored = stored
        self._capacity = capacity
        self._held: OrderedDict[str, Folded] = OrderedDict()
        self._written = _Written()
        self._known: set[str] = set()

    async def load(self, keys: Iterable[str]) -> dict[str, Folded]:
        wanted = set(keys)
        held = {key: self._held[key] for key in wanted & self._held.keys()}
        stored = await self._stored.load(key for key in wanted - held.keys() if self._written.perhaps(key))
        self._known |= stored.keys()
        return held | stored

    async def save(self, changed: Mapping[str, Folded]) -> None:
        for key, folded in changed.items():
            self._held[key] = folded
            self._held.move_to_end(key)
        if len(self._held) > self._capacity:
            # Half of them at once: one by one, every page would write as many documents as it changes.
            await self._write(list(islice(self._held, len(self._held) - self._capacity // 2)))

    async def flush(self) -> None:
        """Write everything that is held."""
        await self._write(list(self._held))

    async def _write(self, keys: list[str]) -> None:
        leaving = {key: self._held.pop(key) for key in keys}
        await self._stored.save(leaving, known=self._known)
        self._known -= leaving.keys()
        for key in keys:
            self._written.add(key)


class _Written:
    """Which documents were written: "no" is certain, "perhaps" may rarely be wrong. 16 MB for any number of them."""

    def __init__(self) -> None:
        self._bits = bytearray(_SLOTS // 8)

    def add(self, key: str) -> None:
        slot = hash(key) % _SLOTS
        self._bits[slot >> 3] |= 1 << (slot & 7)

    def perhaps(self, key: str) -> bool:
        slot = hash(key) % _SLOTS
        return bool(self._bits[slot >> 3] & 1 << (slot & 7))
