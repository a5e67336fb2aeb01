"""What may happen to cards: issued, changed, replaced, withdrawn, handed over."""

from datetime import date

import pytest
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from hypothesis import given
from hypothesis import strategies as st
from records.domain.cards import events as happened
from records.domain.cards.card import Card, HeldCard
from records.domain.cards.commands import MoveCards, RecordCards, ReinstateCard, TakeOverCards, WithdrawCard
from records.domain.cards.decide import CardAlreadyWithdrawnError, card_decider, card_outcomes
from records.domain.cards.events import CARD_EVENTS
from records.domain.cards.state import Cards
from records.domain.feeding.errors import RowContradictsError, RowNotFoundError, StreamMovedError

from tests.records import rows
from tests.records.row_commands import record_cards as record

CARDS = Scenario(card_decider, EventRegistry.of(CARD_EVENTS))
FIRST = rows.card()
NEXT = rows.card(valid_from="01/01/2027", valid_to="31/12/2027")
OTHER_NUMBER = rows.card(
    card_number="GD4666600000018", valid_from="01/06/2026", valid_to="31/05/2027", replaces=rows.CARD_NUMBER
)


def id_of(card: Card) -> str:
    return str(card_outcomes(record(card.model_copy(update={"replaces": None})), Cards())[0].row_id)


ISSUED = happened.CardIssued(**rows.COMMON, card_id=id_of(FIRST), card=FIRST)


def withdraw(day: date, card_id: str = ISSUED.card_id) -> WithdrawCard:
    return WithdrawCard(
        participant_id=rows.PARTICIPANT, card_id=card_id, withdrawn_on=day, reason="Thôi việc", at=rows.NOW
    )


def rules(command: RecordCards, *history: happened.RecordedCardEvent) -> list[list[tuple[str, str]]]:
    outcomes = card_outcomes(command, card_decider.fold(history))
    return [[(broken.field, broken.rule) for broken in outcome.violations] for outcome in outcomes]


def test_a_card_is_issued_once_and_the_next_one_follows_it() -> None:
    CARDS.when(record(FIRST, FIRST)).then(ISSUED)
    following = happened.CardIssued(**rows.COMMON, card_id=id_of(NEXT), card=NEXT)
    CARDS.given(ISSUED).when(record(NEXT)).then(following)


def test_a_change_is_sent_as_a_correction() -> None:
    elsewhere = rows.card(facility_code="66002", facility_name="Trạm y tế Mẫu")
    assert rules(record(elsewhere), ISSUED) == [[("card_number", "contradicts_standing")]]
    changed = happened.CardChanged(**rows.COMMON, card_id=ISSUED.card_id, card=elsewhere)
    CARDS.given(ISSUED).when(record(elsewhere, correction=True)).then(changed)


def test_two_cards_are_never_valid_on_one_day_unless_one_replaces_the_other() -> None:
    overlapping = OTHER_NUMBER.model_copy(update={"replaces": None})
    assert rules(record(overlapping), ISSUED) == [[("card_number", "overlaps_standing_card")]]
    replaced = happened.CardWithdrawn(
        **rows.COMMON, card_id=ISSUED.card_id, withdrawn_on=date(2026, 6, 1), replaced_by=id_of(OTHER_NUMBER)
    )
    issued = happened.CardIssued(**rows.COMMON, card_id=id_of(OTHER_NUMBER), card=OTHER_NUMBER)
    CARDS.given(ISSUED).when(record(OTHER_NUMBER)).then(replaced, issued)
    CARDS.given(ISSUED, replaced, issued).when(record(FIRST, OTHER_NUMBER)).then()


def test_a_card_cannot_replace_one_that_nobody_has() -> None:
    assert rules(record(OTHER_NUMBER)) == [[("replaces", "unknown_row")]]


def test_a_card_is_withdrawn_from_a_day_on_and_only_once() -> None:
    day = date(2026, 9, 1)
    withdrawn = happened.CardWithdrawn(**rows.COMMON, card_id=ISSUED.card_id, withdrawn_on=day, reason="Thôi việc")
    CARDS.given(ISSUED).when(withdraw(day)).then(withdrawn)
    CARDS.given(ISSUED, withdrawn).when(withdraw(day)).then()
    CARDS.given(ISSUED, withdrawn).when(withdraw(date(2026, 9, 2))).then_raises(CardAlreadyWithdrawnError)
    CARDS.given(ISSUED).when(withdraw(day, "0" * 32)).then_raises(RowNotFoundError)


def test_a_correction_does_not_bring_a_withdrawn_card_back() -> None:
    withdrawn = happened.CardWithdrawn(**rows.COMMON, card_id=ISSUED.card_id, withdrawn_on=date(2026, 9, 1))
    changed = happened.CardChanged(**rows.COMMON, card_id=ISSUED.card_id, card=rows.card(sex="female"))
    (held,) = card_decider.fold([ISSUED, withdrawn, changed]).held.values()
    assert (held.card.sex, held.state_on(rows.TODAY)) == ("female", "withdrawn")


def test_a_withdrawn_card_leaves_room_for_another() -> None:
    withdrawn = happened.CardWithdrawn(**rows.COMMON, card_id=ISSUED.card_id, withdrawn_on=date(2026, 5, 1))
    assert rules(record(OTHER_NUMBER.model_copy(update={"replaces": None})), ISSUED, withdrawn) == [[]]


def test_a_card_may_replace_one_of_the_same_command() -> None:
    events = card_decider.decide(record(FIRST, OTHER_NUMBER), Cards())
    assert [event.event_type for event in events] == ["card_issued", "card_withdrawn", "card_issued"]


def test_a_withdrawn_card_leaves_room_from_the_day_of_its_withdrawal_only() -> None:
    withdrawn = happened.CardWithdrawn(**rows.COMMON, card_id=ISSUED.card_id, withdrawn_on=date(2026, 9, 1))
    too_early = OTHER_NUMBER.model_copy(update={"replaces": None})
    in_time = too_early.model_copy(update={"valid_from": date(2026, 9, 1)})
    assert rules(record(too_early), ISSUED, withdrawn) == [[("card_number", "overlaps_standing_card")]]
    assert rules(record(in_time), ISSUED, withdrawn) == [[]]


def test_a_correction_of_the_first_day_finds_the_card_by_its_number() -> None:
    later = rows.card(valid_from="01/02/2026")
    assert rules(record(later), ISSUED) == [[("card_number", "contradicts_standing")]]
    changed = happened.CardChanged(**rows.COMMON, card_id=ISSUED.card_id, card=later)
    CARDS.given(ISSUED).when(record(later, correction=True)).then(changed)
    assert rules(record(FIRST), ISSUED, changed) == [[("card_number", "row_corrected_since")]]


def test_a_correction_about_two_cards_is_refused_and_names_both() -> None:
    following = happened.CardIssued(**rows.COMMON, card_id=id_of(NEXT), card=NEXT)
    both = rows.card(valid_from="01/06/2026", valid_to="30/06/2027")
    (outcome,) = card_outcomes(record(both, correction=True), card_decider.fold([ISSUED, following]))
    assert [broken.rule for broken in outcome.violations] == ["row_corrects_several"]
    assert outcome.against == (ISSUED.card_id, following.card_id)


def reinstate(card_id: str = ISSUED.card_id) -> ReinstateCard:
    return ReinstateCard(participant_id=rows.PARTICIPANT, card_id=card_id, reason="Thu hồi nhầm", at=rows.NOW)


def test_a_withdrawal_by_mistake_is_taken_back_once() -> None:
    withdrawn = happened.CardWithdrawn(**rows.COMMON, card_id=ISSUED.card_id, withdrawn_on=date(2026, 9, 1))
    reinstated = happened.CardReinstated(**rows.COMMON, card_id=ISSUED.card_id, reason="Thu hồi nhầm")
    CARDS.given(ISSUED, withdrawn).when(reinstate()).then(reinstated)
    CARDS.given(ISSUED).when(reinstate()).then()
    CARDS.given(ISSUED).when(reinstate("0" * 32)).then_raises(RowNotFoundError)
    (held,) = card_decider.fold([ISSUED, withdrawn, reinstated]).held.values()
    assert held.state_on(rows.TODAY) == "valid"


def test_a_card_that_another_one_replaced_is_not_reinstated_beside_it() -> None:
    replaced = happened.CardWithdrawn(**rows.COMMON, card_id=ISSUED.card_id, withdrawn_on=date(2026, 6, 1))
    issued = happened.CardIssued(**rows.COMMON, card_id=id_of(OTHER_NUMBER), card=OTHER_NUMBER)
    refusal = CARDS.given(ISSUED, replaced, issued).when(reinstate()).then_raises(RowContradictsError)
    assert (refusal.rule, refusal.row_ids) == ("overlaps_standing_card", [issued.card_id])


def test_what_was_moved_is_asked_for_at_the_survivor_who_takes_it_over_once() -> None:
    moved = happened.CardsMoved(**rows.COMMON, to=rows.DUPLICATE)
    move = MoveCards(participant_id=rows.PARTICIPANT, to=rows.DUPLICATE, at=rows.NOW)
    CARDS.given(ISSUED).when(move).then(moved)
    CARDS.given(ISSUED, moved).when(move).then()
    CARDS.given(ISSUED, moved).when(record(NEXT)).then_raises(StreamMovedError)
    kept = (HeldCard(card_id="c" * 32, card=FIRST), HeldCard(card_id="d" * 32, card=FIRST, withdrawn_on=rows.TODAY))
    take = TakeOverCards(participant_id=rows.PARTICIPANT, from_participant=rows.DUPLICATE, cards=kept, at=rows.NOW)
    taken = happened.CardsTakenOver(**rows.COMMON, from_participant=rows.DUPLICATE, cards=kept[1:], former=())
    CARDS.given(ISSUED).when(take).then(taken)
    CARDS.given(ISSUED, taken).when(take).then()


CARD_OF = st.builds(
    lambda start, length, sex: FIRST.model_copy(
        update={"valid_from": date(2026, start, 1), "valid_to": date(2026, start + length, 28), "sex": sex}
    ),
    st.integers(1, 6),
    st.integers(0, 6),
    st.sampled_from(["male", "female"]),
)


@given(st.lists(st.tuples(st.lists(CARD_OF, max_size=3), st.booleans()), max_size=6))
def test_whatever_is_fed_no_day_has_two_valid_cards_and_every_row_is_answered(
    commands: list[tuple[list[Card], bool]],
) -> None:
    state = Cards()
    for cards, correction in commands:
        command = record(*cards, correction=correction)
        events = card_decider.decide(command, state)
        outcomes = card_outcomes(command, state)
        state = card_decider.fold(events, state)
        assert [outcome.index for outcome in outcomes] == list(range(len(cards)))
        assert sum(outcome.verdict in ("recorded", "corrected") for outcome in outcomes) == len(events)
    for day in (date(2026, month, 15) for month in range(1, 13)):
        assert sum(held.state_on(day) == "valid" for held in state.held.values()) <= 1


@pytest.mark.parametrize("event", CARD_EVENTS, ids=lambda event: event.event_type)
def test_no_clear_field_holds_what_a_card_says(event: type[happened.CardEvent]) -> None:
    clear = set(event.model_fields) - event.personal_fields()
    assert clear <= {
        *("participant_id", "occurred_at", "card_id", "withdrawn_on", "replaced_by"),
        *("to", "from_participant", "also_from"),
        "rows",
    }
