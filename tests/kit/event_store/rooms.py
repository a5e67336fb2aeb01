"""A little aggregate for the kit's tests: a meeting room, its guests, and how often it was painted."""

from datetime import date
from typing import Annotated, Literal

from ansinh_kit.decider import Decider
from ansinh_kit.errors import RefusedError
from ansinh_kit.event_store.upcasting import Payload, Upcaster, Upcasters
from ansinh_kit.events import DomainEvent, EventRegistry, OptionalPersonalText, Personal, PersonalText
from pydantic import BaseModel, ConfigDict


class RoomOpened(DomainEvent):
    event_type = "room_opened"
    room_id: str


class RoomPainted(DomainEvent):
    """Version 1 had `color` as one word; 2 knew the coat; 3 calls the word `colour`."""

    event_type = "room_painted"
    schema_version = 3
    colour: str
    coats: int


class GuestCame(DomainEvent):
    """Version 1 kept the guest's name under `full_name`."""

    event_type = "guest_came"
    schema_version = 2
    subject_field = "guest_id"
    guest_id: str
    day: date
    name: PersonalText
    nickname: OptionalPersonalText = None
    born: Annotated[date | None, Personal()] = None


REGISTRY = EventRegistry.of([RoomOpened, RoomPainted, GuestCame])


def _one_coat(payload: Payload) -> Payload:
    return {**payload, "coats": 1}


def _colour(payload: Payload) -> Payload:
    payload["colour"] = payload.pop("color")
    return payload


def _name(payload: Payload) -> Payload:
    payload["name"] = payload.pop("full_name")
    return payload


UPCASTERS = Upcasters.of(
    [
        Upcaster("room_painted", 1, clear=_one_coat),
        Upcaster("room_painted", 2, clear=_colour),
        Upcaster("guest_came", 1, personal=_name),
    ],
    REGISTRY,
)


class RoomNotOpenError(RefusedError):
    code = "room_not_open"


class Room(BaseModel):
    model_config = ConfigDict(frozen=True)
    status: Literal["absent", "open"] = "absent"
    coats: int = 0
    guest_id: str | None = None
    guest_name: str | None = None


class Open(BaseModel):
    room_id: str


class Paint(BaseModel):
    colour: str = "white"
    coats: int = 1


class Welcome(BaseModel):
    guest_id: str
    name: str


def decide(command: Open | Paint | Welcome, room: Room) -> list[DomainEvent]:
    if isinstance(command, Open):
        return [RoomOpened(room_id=command.room_id)] if room.status == "absent" else []
    if room.status != "open":
        raise RoomNotOpenError
    if isinstance(command, Paint):
        return [RoomPainted(colour=command.colour, coats=command.coats)]
    return [GuestCame(guest_id=command.guest_id, day=date(2026, 3, 2), name=command.name)]


def evolve(room: Room, event: DomainEvent) -> Room:
    match event:
        case RoomOpened():
            return room.model_copy(update={"status": "open"})
        case RoomPainted():
            return room.model_copy(update={"coats": room.coats + event.coats})
        case GuestCame():
            return room.model_copy(update={"guest_id": event.guest_id, "guest_name": event.name})
        case _:
            return room


ROOM: Decider[Open | Paint | Welcome, Room, DomainEvent] = Decider(initial=Room(), decide=decide, evolve=evolve)
