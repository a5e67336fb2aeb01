"""The port to snapshots: a state at a version, so that a long stream is not folded from its start each time.

A snapshot is a convenience: it may be missing, late or thrown away, and the stream gives the same state without it.
Adapters: `InMemorySnapshots`, `mongo.MongoSnapshots`.
"""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

State = TypeVar("State")

# Measured (P-3): reading ten commits more costs about what saving one snapshot in twenty commands does.
SNAPSHOT_EVERY = 20


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[State]):
    """The state after the stream's events up to `version`."""

    state: State
    version: int


class Snapshots(Protocol[State]):
    @property
    def every(self) -> int:
        """After so many events since the last snapshot a new one is due."""
        ...

    async def find(self, stream_id: str) -> Snapshot[State] | None:
        """Return the newest snapshot that the present code can read; `None` if there is none.

        Raises:
            UnavailableError: The server did not answer.
        """
        ...

    async def save(self, stream_id: str, snapshot: Snapshot[State]) -> None:
        """Keep the snapshot unless there is a newer one. Raises nothing: what it stands for is already in the log."""
        ...


class InMemorySnapshots(Generic[State]):
    def __init__(self, *, every: int = SNAPSHOT_EVERY) -> None:
        self.every = every
        self._snapshots: dict[str, Snapshot[State]] = {}

    async def find(self, stream_id: str) -> Snapshot[State] | None:
        return self._snapshots.get(stream_id)

    async def save(self, stream_id: str, snapshot: Snapshot[State]) -> None:
        present = self._snapshots.get(stream_id)
        if present is None or present.version < snapshot.version:
            self._snapshots[stream_id] = snapshot
