"""What benefits, cards and visits are all read by: merges pass them on, and of a forgotten person nothing is left."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.database import Document
from ansinh_kit.decider import Decider
from ansinh_kit.events import ERASED
from ansinh_kit.projections.projection import Projection
from records.domain.benefits.benefit import HeldBenefit
from records.domain.benefits.commands import MoveBenefits
from records.domain.benefits.decide import benefit_decider
from records.domain.benefits.events import BenefitsTakenOver
from records.domain.benefits.paying_entry import check_payment
from records.domain.cards.card import HeldCard
from records.domain.cards.commands import MoveCards
from records.domain.cards.decide import card_decider
from records.domain.cards.events import CardsTakenOver
from records.domain.visits.commands import MoveVisits
from records.domain.visits.decide import visit_decider
from records.domain.visits.events import KeptVisit, VisitsTakenOver
from records.projections.benefits import BenefitTabs, benefits_at, tab_key
from records.projections.cards import HealthCards, cards_at
from records.projections.visits import MedicalBook, book_key, visits_at

from tests.records import rows
from tests.records.row_commands import grant, pay, record_cards, record_visits
from tests.records.row_logs import erased, folded, log_of, recorded

PID = rows.PARTICIPANT
COMMON: dict[str, Any] = {"participant_id": PID, "at": rows.NOW}


def test_what_was_moved_stands_until_then_and_with_the_survivor_from_then_on() -> None:
    recording = record_visits(rows.visit())
    closed = log_of(visit_decider, [recording, MoveVisits(to=rows.DUPLICATE, **COMMON)])
    (document,) = folded(MedicalBook(), closed).values()
    assert len(visits_at(document, rows.NOW + timedelta(minutes=1))) == 1
    assert visits_at(document, None) == []

    granting = grant(rows.benefit())
    paying = pay({})
    moved = log_of(benefit_decider, [granting, paying, MoveBenefits(to=rows.DUPLICATE, **COMMON)])
    (tab,) = folded(BenefitTabs(), moved).values()
    assert len(benefits_at(tab, rows.NOW + timedelta(minutes=2))[0].payments) == 1
    assert benefits_at(tab, None) == []

    issuing = record_cards(rows.card())
    handed_over = log_of(card_decider, [issuing, MoveCards(to=rows.DUPLICATE, **COMMON)])
    assert cards_at(folded(HealthCards(), handed_over)[PID], None) == []


def test_what_was_taken_over_stands_in_its_tab_and_year() -> None:
    payment = check_payment(rows.payment_entry(), today=rows.TODAY).value
    pension = HeldBenefit(benefit_id="1" * 32, benefit=rows.benefit(), payments={"2" * 32: payment})
    lump_sum = HeldBenefit(benefit_id="3" * 32, benefit=rows.benefit("lump_sum"))
    benefits = BenefitsTakenOver(
        **rows.COMMON, from_participant=rows.DUPLICATE, tabs=("monthly", "one-off"), benefits=(pension, lump_sum)
    )
    tabs = folded(BenefitTabs(), [recorded(benefits, position=1)])
    assert [each.held for each in benefits_at(tabs[tab_key(PID, "monthly")], None)] == [pension]
    assert [each.held for each in benefits_at(tabs[tab_key(PID, "one-off")], None)] == [lump_sum]

    earlier = rows.visit(dossier_id="LK2", discharged_at="31/12/2024")
    kept = tuple(KeptVisit(visit_id=str(n) * 32, visit=visit) for n, visit in enumerate((rows.visit(), earlier)))
    book = folded(
        MedicalBook(),
        [
            recorded(
                VisitsTakenOver(**rows.COMMON, from_participant=rows.DUPLICATE, years=(2024, 2025), visits=kept),
                position=1,
            )
        ],
    )
    assert [visit for _, visit in visits_at(book[book_key(PID, 2025)], None)] == [rows.visit()]
    assert [visit for _, visit in visits_at(book[book_key(PID, 2024)], None)] == [earlier]

    held = HeldCard(card_id="4" * 32, card=rows.card(), withdrawn_on=rows.TODAY)
    cards = folded(
        HealthCards(),
        [recorded(CardsTakenOver(**rows.COMMON, from_participant=rows.DUPLICATE, cards=(held,)), position=1)],
    )
    assert [each for _, each in cards_at(cards[PID], None)] == [held]


def _commands_of_all() -> list[tuple[Projection, Decider[Any, Any, Any], list[Any], Callable[[Document], object]]]:
    return [
        (
            MedicalBook(),
            visit_decider,
            [record_visits(rows.visit())],
            lambda document: visits_at(document, None),
        ),
        (
            HealthCards(),
            card_decider,
            [record_cards(rows.card())],
            lambda document: cards_at(document, None),
        ),
        (
            BenefitTabs(),
            benefit_decider,
            [grant(rows.benefit())],
            lambda document: benefits_at(document, None),
        ),
    ]


@pytest.mark.parametrize(
    ("projection", "decider", "commands", "read"), _commands_of_all(), ids=lambda value: getattr(value, "name", "")
)
def test_of_a_forgotten_person_nothing_is_read_before_and_after_a_rebuild(
    projection: Projection,
    decider: Decider[Any, Any, Any],
    commands: list[Any],
    read: Callable[[Document], object],
) -> None:
    (event,) = log_of(decider, commands)
    (live,) = folded(projection, [event]).values()
    assert read(live)
    (rebuilt,) = folded(projection, [recorded(erased(event.event), position=1)]).values()
    assert read(rebuilt) == []
    assert all(rebuilt[name] == ERASED for name in projection.personal_fields)
    (key,) = projection.keys(event)
    gone = live | dict.fromkeys(projection.personal_fields, ERASED)
    assert projection.fold(key, gone, recorded(erased(event.event), position=2)) == rebuilt


@pytest.mark.parametrize("projection", [MedicalBook(), HealthCards(), BenefitTabs()], ids=lambda one: one.name)
def test_rows_are_personal_and_belong_to_their_participant(projection: Projection) -> None:
    assert projection.subject_of({"participant_id": PID}) == PID
    assert projection.personal_fields
