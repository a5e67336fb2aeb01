"""Data keys held in this process, few and briefly: the time within which a forgotten person becomes unreadable."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from ansinh_kit.personal_data.keyring import DataKey


@dataclass(frozen=True, slots=True)
class _Entry:
    keys: tuple[DataKey, ...]
    expires_at_seconds: float


class KeyCache:
    """At most `capacity` people, each for `lifetime_seconds` from the moment their keys were asked for (LIM-28).

    Args:
        monotonic_seconds: A clock that is never set back: a wall clock could prolong the life of an erased key.
    """

    def __init__(self, *, capacity: int, lifetime_seconds: float, monotonic_seconds: Callable[[], float]) -> None:
        self._capacity = capacity
        self._lifetime_seconds = lifetime_seconds
        self._seconds = monotonic_seconds
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    def now_seconds(self) -> float:
        return self._seconds()

    def find(self, subject_id: str) -> tuple[DataKey, ...] | None:
        entry = self._entries.get(subject_id)
        if entry is None:
            return None
        if self._seconds() >= entry.expires_at_seconds:
            del self._entries[subject_id]
            return None
        self._entries.move_to_end(subject_id)
        return entry.keys

    def put(self, subject_id: str, keys: tuple[DataKey, ...], *, asked_at_seconds: float) -> None:
        """Keep `keys`, counting their life from before the question went out.

        Counted from the answer, a person forgotten while it was under way would stay readable for longer.
        """
        self._entries[subject_id] = _Entry(keys, asked_at_seconds + self._lifetime_seconds)
        self._entries.move_to_end(subject_id)
        while len(self._entries) > self._capacity:
            self._entries.popitem(last=False)

    def drop(self, subject_id: str) -> None:
        self._entries.pop(subject_id, None)

    def __len__(self) -> int:
        return len(self._entries)
