"""What decisions need to know of a participant's contributions so far."""

from collections.abc import Mapping
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
    """The periods that stand, by id; the ids of those withdrawn; and where all of it went, if it was merged.

    The periods stay here after a merge, for the survivor to take over. `merged` are those this one took over from.
    """

    participant_id: str = ""
    periods: Mapping[str, Period] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    moved_to: str | None = None
    merged: frozenset[str] = frozenset()


def evolve(state: Contributions, event: Event) -> Contributions:
    match event:
        case happened.PeriodRecorded() | happened.PeriodCorrected():
            return replace(
                state,
                participant_id=event.participant_id,
                periods={**state.periods, event.period_id: event.period},
                withdrawn=state.withdrawn - {event.period_id},
            )
        case happened.PeriodWithdrawn():
            rest = {period_id: period for period_id, period in state.periods.items() if period_id != event.period_id}
            return replace(state, periods=rest, withdrawn=state.withdrawn | {event.period_id})
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
