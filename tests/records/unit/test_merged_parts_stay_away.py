"""Payments and ends of benefits, earlier selves of cards: what was taken back before a merge stays away after it."""

from dataclasses import replace

from records.domain.benefits.commands import BenefitCommand, FeedBenefits, MoveBenefits, TakeOverBenefits
from records.domain.benefits.decide import benefit_decider, benefit_outcomes
from records.domain.benefits.state import Benefits
from records.domain.benefits.taking_over import former_benefits
from records.domain.cards.commands import CardCommand, MoveCards, TakeOverCards
from records.domain.cards.decide import card_decider, card_outcomes
from records.domain.cards.state import Cards
from records.domain.cards.taking_over import former_cards

from tests.records import rows
from tests.records.row_commands import (
    grant,
    pay,
    record_cards,
    stop,
    withdraw_benefit,
    withdraw_payment,
    withdraw_stop,
)

PENSION = rows.benefit()


def after(*commands: BenefitCommand, start: Benefits | None = None, of: str = rows.PARTICIPANT) -> Benefits:
    state = start or Benefits()
    for command in commands:
        events = benefit_decider.decide(replace(command, participant_id=of), state)
        state = benefit_decider.fold(events, state)
    return state


def of_duplicate(*commands: BenefitCommand, start: Benefits | None = None) -> Benefits:
    return after(*commands, start=start, of=rows.DUPLICATE)


def told(command: FeedBenefits, state: Benefits) -> list[str]:
    return [one.violations[0].rule if one.violations else one.verdict for one in benefit_outcomes(command, state)]


def merged(duplicate: Benefits, into: Benefits) -> Benefits:
    closed = of_duplicate(
        MoveBenefits(participant_id=rows.DUPLICATE, to=rows.PARTICIPANT, at=rows.NOW), start=duplicate
    )
    taking = TakeOverBenefits(
        participant_id=rows.PARTICIPANT,
        from_participant=rows.DUPLICATE,
        benefits=tuple(closed.held.values()),
        former=former_benefits(closed),
        also_from=closed.taken_over,
        at=rows.NOW,
    )
    return after(taking, start=into)


def only_id(state: Benefits) -> str:
    (benefit_id,) = state.held
    return benefit_id


TWO_PAYMENTS = pay({}, {"paid_on": "06/06/2022"})
PAID = of_duplicate(grant(PENSION), TWO_PAYMENTS)
ID = only_id(PAID)
MISTYPED = next(iter(PAID.held[ID].payments))
WITHOUT_PAYMENT = of_duplicate(withdraw_payment(ID, MISTYPED), start=PAID)
WITHOUT_STOP = of_duplicate(grant(PENSION), stop({}), withdraw_stop(ID))
GRANTED = after(grant(PENSION))


def test_a_payment_withdrawn_before_a_merge_comes_back_by_a_correction_only() -> None:
    state = merged(WITHOUT_PAYMENT, Benefits())
    assert told(TWO_PAYMENTS, state) == ["row_withdrawn_since", "unchanged"]
    assert told(pay({}, correction=True), state) == ["recorded"]


def test_so_it_is_where_an_officer_settles_which_of_two_versions_of_the_benefit_is_right() -> None:
    state = after(withdraw_benefit(only_id(GRANTED)), start=merged(WITHOUT_PAYMENT, GRANTED))
    assert told(TWO_PAYMENTS, state) == ["row_withdrawn_since", "unchanged"]


def test_a_payment_withdrawn_of_a_benefit_that_the_survivor_has_too_stays_away_there() -> None:
    without_any = of_duplicate(withdraw_payment(ID, MISTYPED), start=of_duplicate(grant(PENSION), pay({})))
    state = merged(without_any, GRANTED)
    assert set(state.held) == set(GRANTED.held)
    assert told(pay({}), state) == ["row_withdrawn_since"]


def test_what_stood_in_either_record_stands_whatever_the_other_withdrew() -> None:
    state = merged(WITHOUT_PAYMENT, after(grant(PENSION), TWO_PAYMENTS))
    assert told(TWO_PAYMENTS, state) == ["unchanged", "unchanged"]


def test_an_end_withdrawn_before_a_merge_comes_back_by_a_correction_only() -> None:
    state = merged(WITHOUT_STOP, Benefits())
    assert told(stop({}), state) == ["row_withdrawn_since"]
    assert told(stop({}, correction=True), state) == ["recorded"]


def test_withdrawing_again_what_was_withdrawn_before_a_merge_changes_nothing() -> None:
    state = merged(WITHOUT_PAYMENT, Benefits())
    assert list(benefit_decider.decide(withdraw_payment(ID, MISTYPED), state)) == []
    gone = merged(of_duplicate(withdraw_benefit(ID), start=PAID), Benefits())
    assert gone.knows(ID)
    assert list(benefit_decider.decide(withdraw_benefit(ID), gone)) == []


def test_no_earlier_self_of_a_corrected_card_comes_back_after_a_merge() -> None:
    years = (2024, 2025, 2026)
    first, second, right = (rows.card(valid_from=f"01/01/{year}", valid_to=f"31/12/{year}") for year in years)
    closed = cards_after(record_cards(first))
    (card_id,) = closed.held
    for now in (second, right):
        closed = cards_after(record_cards(now, correction=True, corrects=card_id), start=closed)
    closed = cards_after(MoveCards(participant_id=rows.DUPLICATE, to=rows.PARTICIPANT, at=rows.NOW), start=closed)
    taking = TakeOverCards(
        participant_id=rows.PARTICIPANT,
        from_participant=rows.DUPLICATE,
        cards=tuple(closed.held.values()),
        former=former_cards(closed),
        at=rows.NOW,
    )
    survivor = card_decider.fold(card_decider.decide(taking, Cards()))
    outcomes = card_outcomes(record_cards(first, second, right), survivor)
    rules = [one.violations[0].rule if one.violations else one.verdict for one in outcomes]
    assert rules == ["row_corrected_since", "row_corrected_since", "unchanged"]


def cards_after(command: CardCommand, start: Cards | None = None) -> Cards:
    state = start or Cards()
    return card_decider.fold(card_decider.decide(replace(command, participant_id=rows.DUPLICATE), state), state)
