"""A carrier in memory, with the moods of a real one."""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Generic, Literal, TypeVar

from notifications.providers.port import (
    Accepted,
    Email,
    LookUp,
    NotFound,
    NotProcessed,
    Rejected,
    SendOutcome,
    Sms,
    Unknown,
)

Parcel = TypeVar("Parcel", Sms, Email)
Mood = Literal["take", "refuse_for_now", "refuse_for_good", "take_and_hang_up", "hang_up"]


class MemoryCarrier(Generic[Parcel]):
    """Takes everything, unless moods were set: each send uses up one, the last one stays."""

    def __init__(self, parcel: Callable[[int], Parcel], *, name: str = "memory") -> None:
        self.name = name
        self.parcel: Callable[[int], Parcel] = parcel
        self.parcels: list[Parcel] = []
        self.calls = 0
        self.moods: deque[Mood] = deque()
        self.on_send: Callable[[Sms | Email], None] = lambda _: None
        self.on_taken: Callable[[Sms | Email], None] = lambda _: None

    @property
    def provider(self) -> "MemoryCarrier[Parcel]":
        return self

    def taken(self) -> list[str]:
        return [parcel.message_id for parcel in self.parcels]

    def refuse_for_now(self) -> None:
        self.moods.append("refuse_for_now")

    def refuse_for_good(self) -> None:
        self.moods.append("refuse_for_good")

    def take_and_hang_up(self) -> None:
        self.moods.append("take_and_hang_up")

    async def go_away(self) -> None:
        self.refuse_for_now()

    async def send(self, parcel: Parcel) -> SendOutcome:
        self.calls += 1
        self.on_send(parcel)
        mood = self.moods.popleft() if self.moods else "take"
        if mood == "refuse_for_now":
            return NotProcessed("http_429", 30.0)
        if mood == "refuse_for_good":
            return Rejected("http_400")
        if mood != "hang_up":
            self.parcels.append(parcel)
            self.on_taken(parcel)
        return Unknown("timeout") if mood != "take" else self._named(parcel)

    async def look_up(self, parcel: Parcel, *, since: datetime) -> LookUp:
        del since
        return self._named(parcel) if parcel.message_id in self.taken() else NotFound()

    def _named(self, parcel: Parcel) -> Accepted:
        return Accepted(self.name, f"SM{parcel.message_id}")
