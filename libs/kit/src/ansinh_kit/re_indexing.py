"""New root keys of the blind index: what is reserved under an older one moves to the newest, and is never free between.

The numbers stand in the events that told them, encrypted, so the log is what is gone through: in order, from any
position. Whoever holds a number now goes on holding it, also if the event that told it was another's (PII-05, F-40).
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import structlog

from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, RecordedEvent
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.reservations import AlreadyReservedError, Reservations

Number: TypeAlias = tuple[str, str]
"""The scope in which a number is one owner's alone, which is its field in the blind index, and the number as kept."""

NumbersTold: TypeAlias = Callable[[DomainEvent], Iterable[Number]]
"""Which numbers an event told; none of a person who is forgotten."""

_COMMITS_AT_ONCE = 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Moves:
    """`left`: keys that stay where they are, because their newest one is somebody else's at the moment."""

    moved: int = 0
    left: int = 0

    def __add__(self, other: "Moves") -> "Moves":
        return Moves(self.moved + other.moved, self.left + other.left)


@dataclass(frozen=True, slots=True)
class ReIndexed:
    """How far it is: a run that starts after `position` misses nothing that this one has not done."""

    position: int
    last_position: int
    moved: int
    left: int


async def through_the_log(
    store: EventStore,
    move: Callable[[Sequence[RecordedEvent]], Awaitable[Moves]],
    *,
    after: int,
    report: Callable[[ReIndexed], None],
) -> ReIndexed:
    """Let `move` see every page of the log after `after`, tell after each how far it is, and return the last."""
    position, moves = after, Moves()
    while True:
        page = await store.read_after(position, limit=_COMMITS_AT_ONCE)
        moves += await move(page.events)
        position = page.read_through
        done = ReIndexed(position, await store.last_position(), moves.moved, moves.left)
        report(done)
        if done.position >= done.last_position:
            return done


class ReIndexing:
    """Moves the reservations of a service whose numbers are reserved under the blind index of their scope."""

    def __init__(
        self,
        *,
        store: EventStore,
        reservations: Reservations,
        blind_index: BlindIndex,
        cipher: PersonalDataCipher,
        numbers_told: NumbersTold,
    ) -> None:
        self._store = store
        self._reservations = reservations
        self._blind_index = blind_index
        self._cipher = cipher
        self._numbers_told = numbers_told

    async def __call__(self, *, after: int = 0, report: Callable[[ReIndexed], None]) -> ReIndexed:
        """Move what stands under an older key. May run beside the service, be broken off, and be repeated."""
        return await through_the_log(self._store, self._move_page, after=after, report=report)

    async def _move_page(self, events: Sequence[RecordedEvent]) -> Moves:
        told = {number: recorded for recorded in events for number in self._numbers_told(recorded.event)}
        newest: dict[str, dict[str, tuple[str, RecordedEvent]]] = {}
        for (scope, number), recorded in told.items():
            new, *older = self._blind_index.all_of(scope, number)
            newest.setdefault(scope, {}).update(dict.fromkeys(older, (new, recorded)))
        moves = Moves()
        for scope, keys in newest.items():
            for key, owner in (await self._reservations.find_owners(scope, keys)).items():
                moves += await self._move(scope, key, *keys[key], owner=owner)
        return moves

    async def _move(self, scope: str, key: str, to: str, recorded: RecordedEvent, *, owner: str) -> Moves:
        try:
            moved = await self._reservations.move(scope, key, to)
        except AlreadyReservedError as error:
            # Somebody just asks for the number, and will be refused; or it has two owners, and somebody has to look.
            log.warning("number_not_moved", scope=scope, owner=owner, holder=error.owner)
            return Moves(left=1)
        if moved and await self._is_forgotten(owner, recorded):
            # Forgotten after the event was read: what just moved is theirs no more.
            await self._reservations.release_all(owner)
        return Moves(moved=int(moved))

    async def _is_forgotten(self, owner: str, recorded: RecordedEvent) -> bool:
        concerned = {owner, recorded.event.subject_id()} - {None}
        return any([await self._cipher.is_forgotten(str(one)) for one in concerned])
