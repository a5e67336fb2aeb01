"""What of a duplicate's contributions goes on in the record it was merged into."""

from collections.abc import Mapping

from records.domain.contributions.commands import TakeOverContributions
from records.domain.contributions.events import ContributionsTakenOver, MovedPeriod
from records.domain.contributions.period import Period, PeriodDetail
from records.domain.contributions.state import Contributions


def taken_over(command: TakeOverContributions, state: Contributions) -> ContributionsTakenOver:
    """Take over all but the periods that stand here already.

    Periods that contradict those here come too: a merge loses nothing, and an officer corrects what then clashes. So
    what stood in either record stands, and what stood in neither does not come back by an old file.
    """
    here = {period: period_id for period_id, period in state.periods.items()}
    new = {period_id: period for period_id, period in command.periods.items() if period not in here}
    goes_on_as = {period_id: here[period] for period_id, period in command.periods.items() if period in here}
    earlier = [
        (goes_on_as.get(period_id, period_id), period) for period_id, said in command.earlier.items() for period in said
    ]
    return ContributionsTakenOver(
        participant_id=command.participant_id,
        occurred_at=command.at,
        from_participant=command.from_participant,
        periods=tuple(_moved(period_id, period) for period_id, period in new.items()),
        details=_details(new),
        also_from=tuple(sorted(command.also_from)),
        withdrawn=tuple(sorted(command.withdrawn)),
        earlier=tuple(_moved(period_id, period) for period_id, period in earlier),
        earlier_details=tuple(period.detail for _, period in earlier),
    )


def _moved(period_id: str, period: Period) -> MovedPeriod:
    return MovedPeriod(
        period_id=period_id,
        kind=period.kind,
        from_month=period.from_month,
        to_month=period.to_month,
        employer_code=period.employer_code,
        status=period.status,
    )


def _details(periods: Mapping[str, Period]) -> dict[str, PeriodDetail]:
    return {period_id: period.detail for period_id, period in periods.items() if period.detail is not None}
