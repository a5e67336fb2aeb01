"""What decisions need to know of a participant's contributions so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
        merged: The participants whose periods were taken over, and those whose periods these had taken over.
    """

    participant_id: str = ""
    periods: Mapping[str, Period] = field(default_factory=dict)
    earlier: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    moved_to: str | None = None
    merged: frozenset[str] = frozenset()


def evolve(state: Contributions, event: Event) -> Contributions:
    return evolve_all(state, (event,))


def evolve_all(state: Contributions, events: Iterable[Event]) -> Contributions:
    """Return the state after all of `events`: each costs the same, however many periods stand."""
    after = _Evolving(state)
    for event in events:
        after.take(event)
    return after.state()


class _Evolving:
    """A state that events change in place. What it came from is not touched."""

    def __init__(self, state: Contributions) -> None:
        self._participant_id = state.participant_id
        self._periods = dict(state.periods)
        self._earlier = dict(state.earlier)
        self._withdrawn = state.withdrawn
        self._moved_to = state.moved_to
        self._merged = state.merged

    def take(self, event: Event) -> None:
        self._participant_id = event.participant_id
        match event:
            case happened.PeriodRecorded():
                self._periods[event.period_id] = event.period
            case happened.PeriodCorrected():
                self._supersede(event.period_id)
                self._periods[event.period_id] = event.period
            case happened.PeriodWithdrawn():
                self._supersede(event.period_id)
                del self._periods[event.period_id]
                self._withdrawn |= {event.period_id}
            case happened.ContributionsMoved():
                self._moved_to = event.to
            case happened.ContributionsTakenOver():
                self._take_over(event)
            case _:
                assert_never(event)

    def _take_over(self, event: happened.ContributionsTakenOver) -> None:
        self._periods.update(event.by_id())
        for period_id, said in event.said_earlier():
            self._say_earlier(period_id, said)
        self._withdrawn |= set(event.withdrawn)
        self._merged |= {event.from_participant, *event.also_from}

    def _supersede(self, period_id: str) -> None:
        self._say_earlier(period_id, self._periods[period_id])

    def _say_earlier(self, period_id: str, said: Period) -> None:
        self._earlier[period_id] = (*self._earlier.get(period_id, ()), said)

    def state(self) -> Contributions:
        return Contributions(
            participant_id=self._participant_id,
            periods=self._periods,
            earlier=self._earlier,
            withdrawn=self._withdrawn,
            moved_to=self._moved_to,
            merged=self._merged,
        )
