"""A small read model for these tests: visitors of rooms, counted, with a name that is personal."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from ansinh_kit.database import Document
from ansinh_kit.events import DomainEvent, EventRegistry, PersonalText, RecordedEvent
from ansinh_kit.projections.projection import ViewIndex


class RoomOpened(DomainEvent):
    event_type: ClassVar[str] = "room_opened"
    subject_field: ClassVar[str | None] = "keeper_id"

    room: str
    keeper_id: str
    keeper_name: PersonalText


class VisitorCame(DomainEvent):
    event_type: ClassVar[str] = "visitor_came"

    room: str


class RoomClosed(DomainEvent):
    event_type: ClassVar[str] = "room_closed"

    room: str


REGISTRY = EventRegistry.of([RoomOpened, VisitorCame, RoomClosed])


class Rooms:
    name = "rooms"
    version = 1
    indexes: Sequence[ViewIndex] = (ViewIndex({"visitors": -1}),)
    personal_fields = frozenset({"keeper_name"})

    def subject_of(self, document: Document) -> str:
        return str(document["keeper_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case RoomOpened(room=room) | VisitorCame(room=room) | RoomClosed(room=room):
                return (room,)
            case _:
                return ()

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        del key
        match event.event:
            case RoomOpened(keeper_id=keeper, keeper_name=name):
                return {"keeper_id": keeper, "keeper_name": name, "visitors": 0}
            case VisitorCame() if document is not None:
                return {**document, "visitors": document["visitors"] + 1}
            case RoomClosed():
                return None
            case _:
                return document
