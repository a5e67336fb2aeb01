"""Opening a record and reading under it. Whose agency manages the record comes with each command: it may change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from ansinh_kit.decider import Decider
from ansinh_kit.events import EventRegistry

from records.domain.offices import Officer, in_charge
from records.domain.opening.errors import (
    OpeningClosedError,
    OpeningNotValidError,
    OpeningTooNarrowError,
    RecordNotFoundError,
)
from records.domain.opening.events import OPENING_EVENTS, RecordOpened, RecordReadByStaff
from records.domain.parts import Part, Scope, reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRecord:
    """Open the participant's record; `managed_by` is the agency that manages it now."""

    opening_id: str
    participant_id: str
    managed_by: str
    officer: Officer
    scope: Scope
    reason: str
    lasts: timedelta
    at: datetime
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadUnderOpening:
    """Have the officer read a part of the participant's record."""

    participant_id: str
    managed_by: str
    officer: Officer
    part: Part
    at: datetime
    restricted: bool = False


OpeningCommand = OpenRecord | ReadUnderOpening
OpeningEvent = RecordOpened | RecordReadByStaff


@dataclass(frozen=True, slots=True)
class Opening:
    """What was opened, if anything was; reads change nothing that a later read depends on."""

    opened: RecordOpened | None = None


def decide(command: OpeningCommand, state: Opening) -> Sequence[OpeningEvent]:
    if not in_charge(command.officer.agency_code, command.managed_by, restricted=command.restricted):
        raise RecordNotFoundError
    match command:
        case OpenRecord():
            return _open(command, state)
        case ReadUnderOpening():
            return _read(command, state)
        case _:
            assert_never(command)


def evolve(state: Opening, event: OpeningEvent) -> Opening:
    match event:
        case RecordOpened():
            return Opening(event)
        case RecordReadByStaff():
            return state
        case _:
            assert_never(event)


def _open(command: OpenRecord, state: Opening) -> list[OpeningEvent]:
    if state.opened is not None:
        raise OpeningNotValidError
    opened = RecordOpened(
        opening_id=command.opening_id,
        participant_id=command.participant_id,
        officer_id=command.officer.officer_id,
        agency_code=command.officer.agency_code,
        role=command.officer.role,
        occurred_at=command.at,
        scope=command.scope,
        reason=command.reason,
        closes_at=command.at + command.lasts,
    )
    return [opened]


def _read(command: ReadUnderOpening, state: Opening) -> list[OpeningEvent]:
    opened = _good_opening(command, state)
    read = RecordReadByStaff(
        opening_id=opened.opening_id,
        participant_id=opened.participant_id,
        officer_id=opened.officer_id,
        agency_code=opened.agency_code,
        role=opened.role,
        occurred_at=command.at,
        part=command.part,
    )
    return [read]


def _good_opening(command: ReadUnderOpening, state: Opening) -> RecordOpened:
    opened, officer = state.opened, command.officer
    if (
        opened is None
        or opened.participant_id != command.participant_id
        or (opened.officer_id, opened.agency_code) != (officer.officer_id, officer.agency_code)
    ):
        raise OpeningNotValidError
    if command.at >= opened.closes_at:
        raise OpeningClosedError(opened.closes_at)
    if not reaches(opened.scope, command.part):
        raise OpeningTooNarrowError(opened.scope, command.part)
    return opened


opening_decider: Decider[OpeningCommand, Opening, OpeningEvent] = Decider(
    initial=Opening(), decide=decide, evolve=evolve
)
opening_events = EventRegistry.of(OPENING_EVENTS)
