"""What may happen to benefits: granted, corrected, paid, stopped, handed over."""

import pytest
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from hypothesis import given
from hypothesis import strategies as st
from records.domain.benefits import events as happened
from records.domain.benefits.benefit import Benefit
from records.domain.benefits.commands import (
    BenefitCommand,
    FeedBenefits,
    GrantBenefits,
    MoveBenefits,
    TakeOverBenefits,
)
from records.domain.benefits.decide import benefit_decider, benefit_outcomes
from records.domain.benefits.events import BENEFIT_EVENTS
from records.domain.benefits.state import Benefits
from records.domain.feeding.errors import RowNotFoundError, StreamMovedError
from records.domain.feeding.ledger import Row
from records.domain.feeding.outcome import RowOutcome

from tests.records import rows
from tests.records.row_commands import grant, pay, stop, withdraw_benefit

BENEFITS = Scenario(benefit_decider, EventRegistry.of(BENEFIT_EVENTS))
PENSION = rows.benefit()


def after(*commands: BenefitCommand) -> Benefits:
    state = Benefits()
    for command in commands:
        state = benefit_decider.fold(benefit_decider.decide(command, state), state)
    return state


def rules(outcomes: list[RowOutcome]) -> list[tuple[str, str]]:
    return [(broken.field, broken.rule) for outcome in outcomes for broken in outcome.violations]


def verdicts(command: FeedBenefits, state: Benefits) -> list[str]:
    return [outcome.verdict for outcome in benefit_outcomes(command, state)]


def refused(command: FeedBenefits, *before: BenefitCommand) -> list[tuple[str, str]]:
    state = after(*before)
    assert list(benefit_decider.decide(command, state)) == []
    return rules(benefit_outcomes(command, state))


@pytest.mark.req("S-38")
@pytest.mark.req("S-39")
@pytest.mark.parametrize(
    ("kind", "tab"),
    [
        ("lump_sum", "one-off"),
        ("sickness", "short-term"),
        ("recovery", "short-term"),
        ("pension", "monthly"),
        ("unemployment_benefit", "unemployment"),
    ],
)
def test_a_granted_benefit_stands_in_the_tab_of_its_kind(kind: str, tab: str) -> None:
    benefit = rows.benefit("sickness" if kind == "recovery" else kind)
    (event,) = benefit_decider.decide(grant(benefit.model_copy(update={"kind": kind})), Benefits())
    assert isinstance(event, happened.BenefitGranted)
    assert event.tab == tab


def test_a_kind_is_granted_once_for_a_time_by_one_decision() -> None:
    again = rows.benefit(decision_number="124/QĐ-BHXH", from_date="01/07/2023")
    assert refused(grant(again), grant(PENSION)) == [("decision_number", "overlaps_standing_benefit")]
    assert refused(grant(rows.benefit(amount="1")), grant(PENSION)) == [("decision_number", "contradicts_standing")]
    assert not refused(grant(PENSION, PENSION), grant(PENSION))


def test_one_off_benefits_of_one_day_are_two_if_two_decisions_say_so() -> None:
    state = after(grant(rows.benefit("lump_sum"), rows.benefit("lump_sum", decision_number="9")))
    assert len(state.held) == 2


def test_a_stopped_pension_leaves_room_for_the_next_decision() -> None:
    state = after(grant(PENSION), stop({}), grant(rows.benefit(decision_number="9", from_date="01/09/2024")))
    assert len(state.held) == 2


def test_a_correction_that_names_its_benefit_may_change_the_decision_and_keeps_the_payments() -> None:
    corrected = rows.benefit(decision_number="124/QĐ-BHXH", amount="4600000")
    (benefit_id,) = after(grant(PENSION)).held
    command = grant(corrected, correction=True, corrects=benefit_id)
    (held,) = after(grant(PENSION), pay({}), command).held.values()
    assert held.benefit == corrected
    assert len(held.payments) == 1


def test_a_correction_stays_within_its_tab() -> None:
    state = after(grant(PENSION))
    (benefit_id,) = state.held
    command = grant(rows.benefit("sickness"), correction=True, corrects=benefit_id)
    assert refused(command, grant(PENSION)) == [("kind", "other_tab")]


def test_a_correction_does_not_guess_which_benefit_of_another_decision_it_means() -> None:
    again = grant(rows.benefit(decision_number="124/QĐ-BHXH"), correction=True)
    assert refused(again, grant(PENSION)) == [("decision_number", "overlaps_standing_benefit")]


def test_a_correction_of_the_first_day_finds_the_benefit_by_its_decision() -> None:
    later = rows.benefit(from_date="01/06/2022")
    assert refused(grant(later), grant(PENSION)) == [("decision_number", "contradicts_standing")]
    state = after(grant(PENSION), pay({}), grant(later, correction=True))
    (held,) = state.held.values()
    assert (held.benefit, len(held.payments)) == (later, 1)


def test_a_refused_row_does_not_stand_in_the_way_of_the_next_one() -> None:
    (benefit_id,) = after(grant(PENSION)).held
    other_tab = Row(rows.benefit("sickness"), benefit_id, as_correction=True)
    own = Row(rows.benefit("sickness"))
    command = GrantBenefits(participant_id=rows.PARTICIPANT, rows=[other_tab, own], at=rows.NOW)
    assert verdicts(command, after(grant(PENSION))) == ["refused", "recorded"]


def test_a_withdrawn_benefit_goes_with_its_payments_and_comes_back_by_a_correction_only() -> None:
    (benefit_id,) = after(grant(PENSION)).held
    gone = after(grant(PENSION), pay({}), withdraw_benefit(benefit_id))
    assert gone.held == {}
    assert list(benefit_decider.decide(withdraw_benefit(benefit_id), gone)) == []
    assert rules(benefit_outcomes(grant(PENSION), gone)) == [("decision_number", "row_withdrawn_since")]
    (back,) = benefit_decider.fold(benefit_decider.decide(grant(PENSION, correction=True), gone), gone).held.values()
    assert (back.benefit_id, back.payments) == (benefit_id, {})
    with pytest.raises(RowNotFoundError):
        benefit_decider.decide(withdraw_benefit("0" * 32), gone)


def test_a_stopped_benefit_leaves_room_from_its_stop_on_only() -> None:
    again = rows.benefit(decision_number="9", from_date="31/07/2024")
    assert refused(grant(again), grant(PENSION), stop({})) == [("decision_number", "overlaps_standing_benefit")]


def test_a_payment_is_noted_once_and_another_amount_needs_a_correction() -> None:
    assert not refused(pay({}, {}), grant(PENSION), pay({}))
    assert refused(pay({"amount": "1"}), grant(PENSION), pay({})) == [("paid_on", "contradicts_standing")]
    (held,) = after(grant(PENSION), pay({}), pay({"amount": "1"}, correction=True)).held.values()
    assert [payment.amount for payment in held.payments.values()] == [1]


def test_a_payment_names_a_benefit_that_is_there_and_only_one() -> None:
    assert refused(pay({})) == [("decision_number", "unknown_row")]
    two = grant(rows.benefit(to_date="31/12/2022"), rows.benefit(from_date="01/01/2023"))
    assert refused(pay({}), two) == [("from_date", "ambiguous_reference")]
    assert len(after(two, pay({"from_date": "01/05/2022"})).held) == 2


def test_nothing_is_paid_for_months_after_the_stop() -> None:
    history = (grant(PENSION), stop({"stopped_on": "15/06/2022"}))
    assert refused(pay({"for_month": "07/2022"}), *history) == [("for_month", "paid_after_stop")]
    assert list(benefit_decider.decide(pay({}), after(*history)))


def test_a_stop_is_said_once_moved_by_a_correction_and_never_before_the_beginning() -> None:
    assert not refused(stop({}), grant(PENSION), stop({}))
    later = {"stopped_on": "01/09/2024"}
    assert refused(stop(later), grant(PENSION), stop({})) == [("stopped_on", "contradicts_standing")]
    (event,) = benefit_decider.decide(stop(later, correction=True), after(grant(PENSION), stop({})))
    assert isinstance(event, happened.BenefitStopCorrected)
    assert refused(stop({"stopped_on": "30/04/2022"}), grant(PENSION)) == [("stopped_on", "from_after_to")]


def test_a_one_off_benefit_has_nothing_to_stop() -> None:
    command = stop({"kind": "lump_sum"})
    assert refused(command, grant(rows.benefit("lump_sum"))) == [("kind", "not_in_this_kind")]


def test_every_verb_tells_what_it_recorded() -> None:
    granting, paying, stopping = grant(PENSION, PENSION), pay({}, {"amount": "1"}), stop({})
    assert verdicts(granting, Benefits()) == ["recorded", "unchanged"]
    assert verdicts(paying, after(granting)) == ["recorded", "refused"]
    assert verdicts(stopping, after(granting, paying)) == ["recorded"]


def test_what_was_moved_is_asked_for_at_the_survivor() -> None:
    move = MoveBenefits(participant_id=rows.PARTICIPANT, to=rows.DUPLICATE, at=rows.NOW)
    closed = after(grant(PENSION), move)
    assert list(benefit_decider.decide(move, closed)) == []
    with pytest.raises(StreamMovedError):
        benefit_decider.decide(grant(PENSION), closed)


@pytest.mark.parametrize(("paid_at_survivor", "benefits"), [("05/06/2022", 1), ("06/06/2022", 2)])
def test_a_survivor_takes_over_what_it_does_not_know_payments_included(paid_at_survivor: str, benefits: int) -> None:
    (duplicate,) = after(grant(PENSION), pay({})).held.values()
    take = TakeOverBenefits(
        participant_id=rows.PARTICIPANT,
        from_participant=rows.DUPLICATE,
        benefits=[duplicate.model_copy(update={"benefit_id": "c" * 32})],
        at=rows.NOW,
    )
    survivor = after(grant(PENSION), pay({"paid_on": paid_at_survivor}), take, take)
    assert len(survivor.held) == benefits


BENEFIT_OF = st.builds(
    lambda number, amount: rows.benefit("lump_sum", decision_number=str(number), amount=str(amount)),
    st.integers(1, 3),
    st.integers(1, 3),
)


@given(st.lists(st.tuples(st.lists(BENEFIT_OF, max_size=4), st.booleans()), max_size=5))
def test_feeding_keeps_one_truth_per_decision(commands: list[tuple[list[Benefit], bool]]) -> None:
    state, truth = Benefits(), dict[str, Benefit]()
    for benefits, correction in commands:
        command = grant(*benefits, correction=correction)
        events = benefit_decider.decide(command, state)
        told = verdicts(command, state)
        assert sum(verdict in ("recorded", "corrected") for verdict in told) == len(events)
        state = benefit_decider.fold(events, state)
        for benefit in benefits:
            if correction or benefit.decision_number not in truth:
                truth[benefit.decision_number] = benefit
        assert {held.benefit.decision_number: held.benefit for held in state.held.values()} == truth


@pytest.mark.parametrize("event", BENEFIT_EVENTS, ids=lambda event: event.event_type)
def test_no_clear_field_holds_what_a_benefit_says(event: type[happened.BenefitEvent]) -> None:
    clear = set(event.model_fields) - event.personal_fields()
    assert clear <= {
        *("participant_id", "occurred_at", "benefit_id", "payment_id", "tab", "tabs"),
        *("to", "from_participant", "also_from"),
    }
