"""What decisions need to know of a participant's contributions so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from records.domain.contributions import events as happened
from records.domain.contributions.period import Period

Event = (
    happened.PeriodRecorded
    | happened.PeriodCorrected
    | happened.PeriodWithdrawn
    | happened.ContributionsMoved
    | happened.ContributionsTakenOver
)


@dataclass(frozen=True, slots=True)
class Contributions:
    """The periods that stand, by id, and where all of it went, if the participant was merged.

    Attributes:
        periods: They stay here after a merge, for the survivor to take over.
        earlier: What each period said before it was corrected or withdrawn, oldest first: an old file is known by it.
        withdrawn: The ids of the periods that were ever withdrawn, also of those recorded again since.
        merged: The participants whose periods were taken over.
    """

    participant_id: str = ""
    periods: Mapping[str, Period] = field(default_factory=dict)
    earlier: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    moved_to: str | None = None
    merged: frozenset[str] = frozenset()


def evolve(state: Contributions, event: Event) -> Contributions:
    match event:
        case happened.PeriodRecorded():
            return replace(
                state,
                participant_id=event.participant_id,
                periods={**state.periods, event.period_id: event.period},
            )
        case happened.PeriodCorrected():
            return replace(
                state,
                periods={**state.periods, event.period_id: event.period},
                earlier=_with_earlier(state, event.period_id),
            )
        case happened.PeriodWithdrawn():
            rest = {period_id: period for period_id, period in state.periods.items() if period_id != event.period_id}
            return replace(
                state,
                periods=rest,
                earlier=_with_earlier(state, event.period_id),
                withdrawn=state.withdrawn | {event.period_id},
            )
        case happened.ContributionsMoved():
            return replace(state, participant_id=event.participant_id, moved_to=event.to)
        case happened.ContributionsTakenOver():
            return replace(
                state,
                participant_id=event.participant_id,
                periods={**state.periods, **event.by_id()},
                merged=state.merged | {event.from_participant},
            )
        case _:
            assert_never(event)


def _with_earlier(state: Contributions, period_id: str) -> dict[str, tuple[Period, ...]]:
    return {**state.earlier, period_id: (*state.earlier.get(period_id, ()), state.periods[period_id])}


def before(events: Sequence[Event], after: Contributions) -> Contributions:
    """Return the contributions as they were before a command recorded or corrected periods by `events`.

    Nothing else is undone: of other commands the outcome says all there is to say.
    """
    periods, earlier = dict(after.periods), dict(after.earlier)
    for event in reversed(events):
        match event:
            case happened.PeriodRecorded():
                periods.pop(event.period_id, None)
            case happened.PeriodCorrected():
                *rest, periods[event.period_id] = earlier[event.period_id]
                earlier[event.period_id] = tuple(rest)
    return replace(after, periods=periods, earlier=earlier)
