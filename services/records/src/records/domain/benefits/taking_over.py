"""What of a duplicate's benefits goes on in the record it was merged into."""

from collections.abc import Iterable

from records.domain.benefits.benefit import FormerBenefit, HeldBenefit
from records.domain.benefits.commands import TakeOverBenefits
from records.domain.benefits.events import BenefitsTakenOver
from records.domain.benefits.kinds import Tab
from records.domain.benefits.state import Benefits


def former_benefits(closed: Benefits) -> tuple[FormerBenefit, ...]:
    """Return what was said in these benefits and stands no more."""
    ids = {*closed.earlier.values(), *closed.withdrawn, *closed.withdrawn_payments, *closed.earlier_stops}
    return tuple(_former(benefit_id, closed) for benefit_id in sorted(ids))


def taken_over(command: TakeOverBenefits, state: Benefits) -> BenefitsTakenOver:
    """Take over the benefits but for those that stand here already.

    The same benefit under both participants is one; two versions of it stay side by side for an officer to settle. So
    what stood in either record stands, and what stood in neither does not come back by an old file.
    """
    goes_on_as = {
        held.benefit_id: one.benefit_id
        for held in command.benefits
        for one in state.held.values()
        if held.says_no_more_than(one)
    }
    new = tuple(held for held in command.benefits if held.benefit_id not in goes_on_as)
    return BenefitsTakenOver(
        participant_id=command.participant_id,
        occurred_at=command.at,
        from_participant=command.from_participant,
        also_from=tuple(sorted(command.also_from)),
        tabs=tabs_of(new),
        benefits=new,
        former=tuple(
            each.model_copy(update={"benefit_id": goes_on_as.get(each.benefit_id, each.benefit_id)})
            for each in command.former
        ),
    )


def tabs_of(benefits: Iterable[HeldBenefit]) -> tuple[Tab, ...]:
    """Return the tabs that these benefits are in."""
    return tuple(sorted({held.tab for held in benefits}))


def _former(benefit_id: str, closed: Benefits) -> FormerBenefit:
    return FormerBenefit(
        benefit_id=benefit_id,
        said=tuple(said for said, said_by in closed.earlier.items() if said_by == benefit_id),
        withdrawn=benefit_id in closed.withdrawn,
        withdrawn_payments=dict(closed.withdrawn_payments.get(benefit_id, {})),
        earlier_stops=tuple(sorted(closed.earlier_stops.get(benefit_id, ()), key=lambda stop: stop.stopped_on)),
    )
