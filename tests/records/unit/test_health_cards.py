"""Health cards as they are read: as of any moment what was known then, withdrawn ones included."""

from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.cards.commands import CardCommand, ReinstateCard, WithdrawCard
from records.domain.cards.decide import card_decider
from records.projections.cards import HealthCards, card_versions, cards_at

from tests.records import rows
from tests.records.row_commands import record_cards
from tests.records.row_logs import delivered, folded, log_of

PID: Final = rows.PARTICIPANT

CARD_OF = st.builds(
    lambda start, length, sex: rows.card().model_copy(
        update={"valid_from": date(2026, start, 1), "valid_to": date(2026, start + length, 28), "sex": sex}
    ),
    st.integers(1, 4),
    st.integers(0, 3),
    st.sampled_from(["male", "female"]),
)


def card_id(start: int) -> str:
    card = rows.card().model_copy(update={"valid_from": date(2026, start, 1)})
    (event,) = card_decider.decide(record_cards(card), card_decider.initial)
    return str(getattr(event, "card_id"))  # noqa: B009


def withdraw(card_id: str) -> WithdrawCard:
    return WithdrawCard(
        participant_id=rows.PARTICIPANT,
        card_id=card_id,
        withdrawn_on=date(2026, 5, 1),
        reason="Thôi việc",
        at=rows.NOW,
    )


def reinstate(card_id: str) -> ReinstateCard:
    return ReinstateCard(participant_id=rows.PARTICIPANT, card_id=card_id, reason="Thu hồi nhầm", at=rows.NOW)


CARD_COMMANDS = st.lists(
    st.one_of(
        st.builds(
            lambda cards, correction: record_cards(*cards, correction=correction),
            st.lists(CARD_OF, max_size=2),
            st.booleans(),
        ),
        st.builds(lambda start: withdraw(card_id(start)), st.integers(1, 4)),
        st.builds(lambda start: reinstate(card_id(start)), st.integers(1, 4)),
    ),
    max_size=6,
)


@pytest.mark.req("S-44")
@given(CARD_COMMANDS, st.lists(st.integers(0, 6), max_size=3))
def test_the_cards_say_of_every_moment_what_was_known_then(commands: list[CardCommand], steps_back: list[int]) -> None:
    log, view = log_of(card_decider, commands), HealthCards()
    documents = folded(view, log)
    assert delivered(view, log, steps_back) == documents
    for minute in range(len(commands) + 1):
        moment = rows.NOW + timedelta(minutes=minute)
        then = card_decider.fold([each.event for each in log if each.recorded_at <= moment])  # type: ignore[misc]
        seen = {row.row_id: held for row, held in cards_at(documents.get(PID), moment)}
        assert seen == dict(then.held)


def test_versions_are_told_newest_first_and_only_as_far_as_they_were_known() -> None:
    changed = rows.card(facility_code="66002")
    log = log_of(
        card_decider,
        [
            record_cards(rows.card()),
            record_cards(changed, correction=True),
        ],
    )
    document = folded(HealthCards(), log)[PID]
    ((row, _),) = cards_at(document, None)
    told = [held.card.facility_code for _, held in card_versions(document, row.row_id, None)]
    assert told == ["66002", "66001"]
    assert len(card_versions(document, row.row_id, rows.NOW + timedelta(minutes=1))) == 1
    assert card_versions(None, "0" * 32, None) == []


@pytest.mark.req("S-44")
def test_a_withdrawn_card_that_is_corrected_is_still_read_as_withdrawn() -> None:
    correcting = record_cards(rows.card(sex="female"), correction=True)
    log = log_of(card_decider, [record_cards(rows.card()), withdraw(card_id(1)), correcting])
    ((_, held),) = cards_at(folded(HealthCards(), log)[PID], None)
    assert (held.card.sex, held.state_on(rows.TODAY)) == ("female", "withdrawn")
