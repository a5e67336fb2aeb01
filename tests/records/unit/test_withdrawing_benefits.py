"""What was said of a benefit by mistake is taken back: a payment, an end; and no old file brings it in again."""

import pytest
from records.domain.benefits import events as happened
from records.domain.benefits.benefit import HeldBenefit
from records.domain.benefits.commands import BenefitCommand, FeedBenefits, TakeOverBenefits
from records.domain.benefits.decide import benefit_decider, benefit_outcomes
from records.domain.benefits.state import Benefits
from records.domain.feeding.errors import RowContradictsError, RowNotFoundError

from tests.records import rows
from tests.records.row_commands import grant, pay, stop, withdraw_benefit, withdraw_payment, withdraw_stop

PENSION = rows.benefit()
NEXT = rows.benefit(decision_number="9", from_date="01/09/2024")
MISSING = "0" * 32


def after(*commands: BenefitCommand) -> Benefits:
    state = Benefits()
    for command in commands:
        state = benefit_decider.fold(benefit_decider.decide(command, state), state)
    return state


def only(state: Benefits) -> HeldBenefit:
    (held,) = state.held.values()
    return held


def told(command: FeedBenefits, state: Benefits) -> list[str]:
    """Return the verdict on each row, or the rule that a refused one breaks."""
    return [one.violations[0].rule if one.violations else one.verdict for one in benefit_outcomes(command, state)]


PAID = after(grant(PENSION), pay({}, {"paid_on": "06/06/2022"}))
(MISTYPED, RIGHT) = only(PAID).payments
ID = only(PAID).benefit_id
STOPPED = after(grant(PENSION), stop({}))


@pytest.mark.req("S-37")
def test_a_withdrawn_payment_is_gone_and_the_others_stay() -> None:
    (event,) = benefit_decider.decide(withdraw_payment(ID, MISTYPED), PAID)
    assert event == happened.BenefitPaymentWithdrawn(
        **rows.COMMON, benefit_id=ID, tab="monthly", payment_id=MISTYPED, reason="Nhập nhầm"
    )
    assert set(only(benefit_decider.fold([event], PAID)).payments) == {RIGHT}


def test_a_payment_is_withdrawn_once_and_comes_back_by_a_correction_only() -> None:
    gone = benefit_decider.fold(benefit_decider.decide(withdraw_payment(ID, MISTYPED), PAID), PAID)
    assert list(benefit_decider.decide(withdraw_payment(ID, MISTYPED), gone)) == []
    assert told(pay({}, {"paid_on": "06/06/2022"}), gone) == ["row_withdrawn_since", "unchanged"]
    assert told(pay({}, correction=True), gone) == ["recorded"]
    back = benefit_decider.fold(benefit_decider.decide(pay({}, correction=True), gone), gone)
    assert set(only(back).payments) == {MISTYPED, RIGHT}
    assert len(benefit_decider.decide(withdraw_payment(ID, MISTYPED), back)) == 1


@pytest.mark.parametrize(
    "command",
    [
        withdraw_payment(ID, MISSING),
        withdraw_payment(MISSING, MISTYPED),
        withdraw_stop(ID),
        withdraw_stop(MISSING),
    ],
)
def test_what_was_never_said_is_not_withdrawn(command: BenefitCommand) -> None:
    with pytest.raises(RowNotFoundError):
        benefit_decider.decide(command, PAID)


def test_payments_of_a_withdrawn_benefit_are_withdrawn_with_it() -> None:
    gone = benefit_decider.fold(benefit_decider.decide(withdraw_benefit(ID), PAID), PAID)
    with pytest.raises(RowNotFoundError):
        benefit_decider.decide(withdraw_payment(ID, RIGHT), gone)


def test_a_benefit_whose_end_is_withdrawn_goes_on_and_an_old_file_does_not_end_it_again() -> None:
    (event,) = benefit_decider.decide(withdraw_stop(ID), STOPPED)
    assert event == happened.BenefitStopWithdrawn(**rows.COMMON, benefit_id=ID, tab="monthly", reason="Nhập nhầm")
    going_on = benefit_decider.fold([event], STOPPED)
    assert only(going_on).stop is None
    assert list(benefit_decider.decide(withdraw_stop(ID), going_on)) == []
    assert told(stop({}), going_on) == ["row_withdrawn_since"]
    assert told(stop({"stopped_on": "01/10/2024"}), going_on) == ["recorded"]
    assert told(stop({}, correction=True), going_on) == ["recorded"]


def test_no_end_that_was_ever_corrected_comes_back_by_an_old_file() -> None:
    moved = stop({"stopped_on": "01/10/2024"}, correction=True)
    going_on = after(grant(PENSION), stop({}), moved, withdraw_stop(ID))
    assert told(stop({}), going_on) == ["row_withdrawn_since"]


def test_an_end_is_not_withdrawn_once_the_next_benefit_of_the_kind_was_granted() -> None:
    followed = after(grant(PENSION), stop({}), grant(NEXT))
    (other,) = set(followed.held) - {ID}
    with pytest.raises(RowContradictsError) as refused:
        benefit_decider.decide(withdraw_stop(ID), followed)
    assert (refused.value.rule, refused.value.row_ids) == ("overlaps_standing_benefit", [other])


@pytest.mark.parametrize(("day", "verdict"), [("01/09/2024", "corrected"), ("02/09/2024", "overlaps_standing_benefit")])
def test_an_end_moves_no_further_than_the_next_benefit_of_the_kind(day: str, verdict: str) -> None:
    followed = after(grant(PENSION), stop({}), grant(NEXT))
    assert told(stop({"stopped_on": day}, correction=True), followed) == [verdict]


def test_of_two_benefits_that_a_merge_left_side_by_side_each_can_be_stopped() -> None:
    other = HeldBenefit(benefit_id="c" * 32, benefit=rows.benefit(decision_number="9"))
    taken = TakeOverBenefits(
        participant_id=rows.PARTICIPANT, from_participant=rows.DUPLICATE, benefits=[other], at=rows.NOW
    )
    assert told(stop({}, {"decision_number": "9"}), after(grant(PENSION), taken)) == ["recorded", "recorded"]


def test_a_payment_that_came_with_a_merge_is_not_noted_twice() -> None:
    duplicate = only(after(grant(PENSION), pay({}))).model_copy(update={"benefit_id": "c" * 32})
    taken = TakeOverBenefits(
        participant_id=rows.PARTICIPANT, from_participant=rows.DUPLICATE, benefits=[duplicate], at=rows.NOW
    )
    survivor = after(taken)
    assert told(pay({}, {"paid_on": "06/06/2022"}), survivor) == ["unchanged", "recorded"]
