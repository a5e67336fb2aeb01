"""What was corrected or withdrawn in any of a person's records does not come back by an old file after a merge."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.benefits import commands as of_benefits
from records.domain.benefits.benefit import Benefit
from records.domain.benefits.decide import benefit_decider
from records.domain.benefits.state import Benefits
from records.domain.benefits.taking_over import former_benefits
from records.domain.cards import commands as of_cards
from records.domain.cards.card import Card
from records.domain.cards.decide import card_decider
from records.domain.cards.state import Cards
from records.domain.cards.taking_over import former_cards
from records.domain.contributions import commands as of_contributions
from records.domain.contributions.commands import FedRow
from records.domain.contributions.decide import contributions_decider
from records.domain.contributions.period import Period
from records.domain.contributions.state import Contributions
from records.domain.feeding.ledger import Row
from records.domain.visits import commands as of_visits
from records.domain.visits.decide import visit_decider
from records.domain.visits.events import KeptVisit
from records.domain.visits.state import Visits
from records.domain.visits.taking_over import former_visits
from records.domain.visits.visit import Visit

from tests.records import rows
from tests.records.merging_people import Person
from tests.records.unit.contributions import builders as b

A, B, C = (letter * 32 for letter in "abc")


class OfContributions:
    decider = contributions_decider
    values = (
        b.period(),
        b.period(value=6_000_000),
        b.period("01/2020-06/2020"),
        b.period("01/2021-12/2021"),
        b.period(employer_code=b.B),
    )

    def record(self, who: str, value: Period, *, correction: bool) -> of_contributions.RecordPeriods:
        return of_contributions.RecordPeriods(participant_id=who, rows=[FedRow(value, correction)], at=b.AT)

    def withdraw(self, who: str, row_id: str) -> of_contributions.WithdrawPeriod:
        return of_contributions.WithdrawPeriod(participant_id=who, period_id=row_id, reason="Ghi nhầm", at=b.AT)

    def close(self, who: str, to: str) -> of_contributions.MoveContributions:
        return of_contributions.MoveContributions(participant_id=who, to=to, at=b.AT)

    def take_over(
        self, who: str, from_participant: str, closed: Contributions
    ) -> of_contributions.TakeOverContributions:
        return of_contributions.TakeOverContributions(
            participant_id=who,
            from_participant=from_participant,
            periods=closed.periods,
            earlier=closed.earlier,
            withdrawn=closed.withdrawn,
            also_from=closed.merged,
            at=b.AT,
        )

    def standing(self, state: Contributions) -> dict[str, Period]:
        return dict(state.periods)


class OfVisits:
    decider = visit_decider
    values = tuple(
        rows.visit(dossier_id=dossier, outcome=outcome)
        for dossier, outcome in (("LK0001", "1"), ("LK0001", "2"), ("LK0002", "1"), ("LK0003", "1"))
    )

    def record(self, who: str, value: Visit, *, correction: bool) -> of_visits.RecordVisits:
        return of_visits.RecordVisits(participant_id=who, rows=[Row(value, None, correction)], at=rows.NOW)

    def withdraw(self, who: str, row_id: str) -> of_visits.WithdrawVisit:
        return of_visits.WithdrawVisit(participant_id=who, visit_id=row_id, reason="Ghi nhầm", at=rows.NOW)

    def close(self, who: str, to: str) -> of_visits.MoveVisits:
        return of_visits.MoveVisits(participant_id=who, to=to, at=rows.NOW)

    def take_over(self, who: str, from_participant: str, closed: Visits) -> of_visits.TakeOverVisits:
        return of_visits.TakeOverVisits(
            participant_id=who,
            from_participant=from_participant,
            visits=[KeptVisit(visit_id=each, visit=visit) for each, visit in closed.standing.items()],
            former=former_visits(closed),
            also_from=closed.taken_over,
            at=rows.NOW,
        )

    def standing(self, state: Visits) -> dict[str, Visit]:
        return dict(state.standing)


class OfBenefits:
    decider = benefit_decider
    values = (
        rows.benefit(),
        rows.benefit(amount="4600000"),
        rows.benefit(decision_number="9", from_date="01/09/2024"),
        rows.benefit("lump_sum"),
    )

    def record(self, who: str, value: Benefit, *, correction: bool) -> of_benefits.GrantBenefits:
        return of_benefits.GrantBenefits(participant_id=who, rows=[Row(value, None, correction)], at=rows.NOW)

    def withdraw(self, who: str, row_id: str) -> of_benefits.WithdrawBenefit:
        return of_benefits.WithdrawBenefit(participant_id=who, benefit_id=row_id, reason="Ghi nhầm", at=rows.NOW)

    def close(self, who: str, to: str) -> of_benefits.MoveBenefits:
        return of_benefits.MoveBenefits(participant_id=who, to=to, at=rows.NOW)

    def take_over(self, who: str, from_participant: str, closed: Benefits) -> of_benefits.TakeOverBenefits:
        return of_benefits.TakeOverBenefits(
            participant_id=who,
            from_participant=from_participant,
            benefits=tuple(closed.held.values()),
            former=former_benefits(closed),
            also_from=closed.taken_over,
            at=rows.NOW,
        )

    def standing(self, state: Benefits) -> dict[str, Benefit]:
        return dict(state.benefits)


class OfCards:
    """Cards are never taken out of the record; a correction may still be undone by an old file."""

    decider = card_decider
    values = (
        rows.card(),
        rows.card(address="Số 2, Phố Thử Nghiệm"),
        rows.card(valid_from="01/01/2025", valid_to="31/12/2025"),
    )

    def record(self, who: str, value: Card, *, correction: bool) -> of_cards.RecordCards:
        return of_cards.RecordCards(participant_id=who, rows=[Row(value, None, correction)], at=rows.NOW)

    def withdraw(self, who: str, row_id: str) -> of_cards.ReinstateCard:
        return of_cards.ReinstateCard(participant_id=who, card_id=row_id, reason="Ghi nhầm", at=rows.NOW)

    def close(self, who: str, to: str) -> of_cards.MoveCards:
        return of_cards.MoveCards(participant_id=who, to=to, at=rows.NOW)

    def take_over(self, who: str, from_participant: str, closed: Cards) -> of_cards.TakeOverCards:
        return of_cards.TakeOverCards(
            participant_id=who,
            from_participant=from_participant,
            cards=tuple(closed.held.values()),
            former=former_cards(closed),
            also_from=closed.taken_over,
            at=rows.NOW,
        )

    def standing(self, state: Cards) -> dict[str, Card]:
        return {card_id: held.card for card_id, held in state.held.items()}


KINDS: tuple[Any, ...] = (OfContributions(), OfVisits(), OfBenefits(), OfCards())
WHO = st.sampled_from([A, B, C])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("feed"), WHO, st.integers(0, 4)),
        st.tuples(st.just("correct"), WHO, st.integers(0, 4)),
        st.tuples(st.just("withdraw"), WHO, st.integers(0, 4)),
        st.tuples(st.just("merge"), WHO, st.integers(0, 2)),
    ),
    max_size=14,
)


def take(person: Person[Any, Any, Any, Any], step: tuple[str, str, int]) -> None:
    what, who, n = step
    values = person.kind.values  # type: ignore[attr-defined]  # each kind of this file has some
    match what:
        case "withdraw":
            person.withdraw(who, n)
        case "merge":
            person.merge(who, (A, B, C)[n])
        case _:
            person.feed(who, values[n % len(values)], correction=what == "correct")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@given(steps=STEPS)
def test_in_whatever_order_records_are_fed_corrected_and_merged_no_old_row_comes_back(
    kind: Any,  # noqa: ANN401 - four kinds of rows, each with types of its own
    steps: list[tuple[str, str, int]],
) -> None:
    person: Person[Any, Any, Any, Any] = Person(kind)
    for step in steps:
        take(person, step)
    person.merge(C, B)
    person.merge(B, A)
    stands = dict(person.standing(person.survivor(A)))
    for value in list(person.ever):
        for who in (A, B, C):
            assert list(person.feed(who, value)) == []
    assert person.standing(person.survivor(A)) == stands


@pytest.mark.parametrize("kind", KINDS[:3], ids=lambda kind: type(kind).__name__)
@pytest.mark.parametrize("merges", [[(B, A)], [(C, B), (B, A)], [(B, C), (C, A)]], ids=["once", "twice", "round"])
def test_another_version_of_a_withdrawn_row_stays_away_too_and_a_correction_brings_it(
    kind: Any,  # noqa: ANN401 - as above
    merges: list[tuple[str, str]],
) -> None:
    person: Person[Any, Any, Any, Any] = Person(kind)
    first, other = kind.values[:2]
    person.feed(merges[0][0], first)
    person.withdraw(merges[0][0], 0)
    for duplicate, into in merges:
        person.merge(duplicate, into)
    assert [list(person.feed(who, row)) for row in (first, other) for who in (A, B)] == [[]] * 4
    assert len(person.feed(B, other, correction=True)) == 1
    assert set(person.standing(A).values()) == {other}
