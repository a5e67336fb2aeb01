"""Benefits, cards and visits as they are read: as of any moment what the records then said, however folded."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from ansinh_kit.database import Document
from ansinh_kit.decider import Decider
from ansinh_kit.events import ERASED, DomainEvent, Metadata, RecordedEvent
from ansinh_kit.projections.folding import Folded, fold_events
from ansinh_kit.projections.projection import Projection
from hypothesis import given
from hypothesis import strategies as st
from records.domain.benefits.benefit import HeldBenefit
from records.domain.benefits.commands import BenefitCommand, GrantBenefits, MoveBenefits, PayBenefits, StopBenefits
from records.domain.benefits.decide import benefit_decider
from records.domain.benefits.events import BenefitsTakenOver
from records.domain.benefits.kinds import TABS
from records.domain.benefits.paying_entry import check_payment, check_stop
from records.domain.cards.card import HeldCard
from records.domain.cards.commands import CardCommand, MoveCards, RecordCards, WithdrawCard
from records.domain.cards.decide import card_decider
from records.domain.cards.events import CardsTakenOver
from records.domain.feeding.errors import RowNotFoundError, StreamMovedError
from records.domain.feeding.ledger import Row
from records.domain.visits.commands import MoveVisits, RecordVisits, VisitCommand, WithdrawVisit
from records.domain.visits.decide import visit_decider
from records.domain.visits.events import KeptVisit, VisitsTakenOver
from records.domain.visits.visit import Visit
from records.projections.benefits import BenefitTabs, benefit_versions, benefits_at, tab_key
from records.projections.cards import HealthCards, card_versions, cards_at
from records.projections.visits import MedicalBook, book_key, visits_at

from tests.records import rows

PID = rows.PARTICIPANT
Documents = Mapping[str, Document]
COMMON: dict[str, Any] = {"participant_id": PID, "at": rows.NOW}


def log_of(decider: Decider[Any, Any, Any], commands: Sequence[Any]) -> list[RecordedEvent]:
    """Return what the commands record, a minute apart; a refused command records nothing."""
    state, log = decider.initial, list[RecordedEvent]()
    for number, command in enumerate(commands):
        try:
            events = decider.decide(command, state)
        except (RowNotFoundError, StreamMovedError):
            continue
        state = decider.fold(events, state)
        for event in events:
            log.append(recorded(event, position=number + 1, version=len(log) + 1))
    return log


def recorded(event: DomainEvent, *, position: int, version: int = 1) -> RecordedEvent:
    return RecordedEvent(
        event=event,
        event_id=f"event-{version}",
        stream_id="stream",
        version=version,
        position=position,
        recorded_at=rows.NOW + timedelta(minutes=position),
        commit_id=f"commit-{position}",
        metadata=Metadata(correlation_id="test"),
    )


def folded(projection: Projection, log: Sequence[RecordedEvent]) -> dict[str, Document]:
    documents: dict[str, Document | None] = {}
    for event in log:
        for key in projection.keys(event):
            documents[key] = projection.fold(key, documents.get(key), event)
    return {key: document for key, document in documents.items() if document is not None}


def delivered(projection: Projection, log: Sequence[RecordedEvent], steps_back: Sequence[int]) -> dict[str, Document]:
    """Fold the log two commits at a time; after each crash go on so many commits before what was reached."""
    stored: dict[str, Folded] = {}
    reached = 0
    for back in (*steps_back, 1):
        last = reached + 2 if len(steps_back) * 2 > reached else len(log) + 100
        page = [event for event in log if reached - back < event.position <= last]
        stored |= fold_events(projection, stored, page)
        reached = last
    return {key: each.document for key, each in stored.items() if each.document is not None}


VISIT_OF = st.builds(
    lambda number, outcome, day: rows.visit(
        dossier_id=f"LK{number}", outcome=str(outcome), discharged_at=f"{day}/01/2025" if day else "31/12/2024 23:00"
    ),
    st.integers(1, 3),
    st.integers(1, 2),
    st.integers(0, 2),
)
VISIT_COMMANDS = st.lists(
    st.one_of(
        st.builds(
            lambda visits, correction: RecordVisits(rows=[Row(v) for v in visits], correction=correction, **COMMON),
            st.lists(VISIT_OF, max_size=3),
            st.booleans(),
        ),
        st.builds(
            lambda number: WithdrawVisit(visit_id=visit_id(number), reason="Không có lượt khám", **COMMON),
            st.integers(1, 3),
        ),
    ),
    max_size=6,
)


def visit_id(number: int) -> str:
    command = RecordVisits(rows=[Row(rows.visit(dossier_id=f"LK{number}"))], correction=False, **COMMON)
    (event,) = visit_decider.decide(command, visit_decider.initial)
    return str(getattr(event, "visit_id"))  # noqa: B009


@pytest.mark.req("S-45")
@given(VISIT_COMMANDS, st.lists(st.integers(0, 6), max_size=3))
def test_the_medical_book_says_of_every_moment_what_stood_then(
    commands: list[VisitCommand], steps_back: list[int]
) -> None:
    log, book = log_of(visit_decider, commands), MedicalBook()
    documents = folded(book, log)
    assert delivered(book, log, steps_back) == documents
    for minute in range(len(commands) + 1):
        moment = rows.NOW + timedelta(minutes=minute)
        then = visit_decider.fold([each.event for each in log if each.recorded_at <= moment])  # type: ignore[misc]
        seen = {
            row.row_id: (visit, document["year"])
            for document in documents.values()
            for row, visit in visits_at(document, moment)
        }
        assert seen == {each: (visit, visit.year) for each, visit in then.standing.items()}


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
    (event,) = card_decider.decide(RecordCards(rows=[Row(card)], correction=False, **COMMON), card_decider.initial)
    return str(getattr(event, "card_id"))  # noqa: B009


CARD_COMMANDS = st.lists(
    st.one_of(
        st.builds(
            lambda cards, correction: RecordCards(rows=[Row(card) for card in cards], correction=correction, **COMMON),
            st.lists(CARD_OF, max_size=2),
            st.booleans(),
        ),
        st.builds(
            lambda start: WithdrawCard(
                card_id=card_id(start), withdrawn_on=date(2026, 5, 1), reason="Thôi việc", **COMMON
            ),
            st.integers(1, 4),
        ),
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


BENEFIT_OF = st.builds(
    lambda number, amount: rows.benefit("pension" if number == 1 else "lump_sum", amount=str(amount)),
    st.integers(1, 2),
    st.integers(1, 2),
)
BENEFIT_COMMANDS = st.lists(
    st.one_of(
        st.builds(
            lambda benefits, correction: GrantBenefits(
                rows=[Row(benefit) for benefit in benefits], correction=correction, **COMMON
            ),
            st.lists(BENEFIT_OF, max_size=2),
            st.booleans(),
        ),
        st.builds(
            lambda day, amount, correction: PayBenefits(
                rows=[check_payment(rows.payment_entry(paid_on=f"0{day}/06/2022", amount=amount), today=rows.TODAY)],
                correction=correction,
                **COMMON,
            ),
            st.integers(1, 3),
            st.sampled_from(["1", "2"]),
            st.booleans(),
        ),
        st.builds(
            lambda day, correction: StopBenefits(
                rows=[check_stop(rows.stop_entry(stopped_on=f"0{day}/08/2024"))], correction=correction, **COMMON
            ),
            st.integers(1, 2),
            st.booleans(),
        ),
    ),
    max_size=7,
)


@pytest.mark.req("S-37")
@given(BENEFIT_COMMANDS, st.lists(st.integers(0, 7), max_size=3))
def test_the_tabs_say_of_every_moment_what_stood_then(commands: list[BenefitCommand], steps_back: list[int]) -> None:
    log, tabs = log_of(benefit_decider, commands), BenefitTabs()
    documents = folded(tabs, log)
    assert delivered(tabs, log, steps_back) == documents
    for minute in range(len(commands) + 1):
        moment = rows.NOW + timedelta(minutes=minute)
        then = benefit_decider.fold([each.event for each in log if each.recorded_at <= moment])  # type: ignore[misc]
        seen = {
            each.row.row_id: each.held for tab in TABS for each in benefits_at(documents.get(tab_key(PID, tab)), moment)
        }
        assert seen == dict(then.held)


def test_what_was_moved_stands_until_then_and_with_the_survivor_from_then_on() -> None:
    recording = RecordVisits(rows=[Row(rows.visit())], correction=False, **COMMON)
    closed = log_of(visit_decider, [recording, MoveVisits(to=rows.DUPLICATE, **COMMON)])
    (document,) = folded(MedicalBook(), closed).values()
    assert len(visits_at(document, rows.NOW + timedelta(minutes=1))) == 1
    assert visits_at(document, None) == []

    granting = GrantBenefits(rows=[Row(rows.benefit())], correction=False, **COMMON)
    paying = PayBenefits(rows=[check_payment(rows.payment_entry(), today=rows.TODAY)], correction=False, **COMMON)
    moved = log_of(benefit_decider, [granting, paying, MoveBenefits(to=rows.DUPLICATE, **COMMON)])
    (tab,) = folded(BenefitTabs(), moved).values()
    assert len(benefits_at(tab, rows.NOW + timedelta(minutes=2))[0].payments) == 1
    assert benefits_at(tab, None) == []

    issuing = RecordCards(rows=[Row(rows.card())], correction=False, **COMMON)
    handed_over = log_of(card_decider, [issuing, MoveCards(to=rows.DUPLICATE, **COMMON)])
    assert cards_at(folded(HealthCards(), handed_over)[PID], None) == []


def test_what_was_taken_over_stands_in_its_tab_and_year() -> None:
    payment = check_payment(rows.payment_entry(), today=rows.TODAY).payment
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


def test_versions_are_told_newest_first_and_only_as_far_as_they_were_known() -> None:
    changed = rows.card(facility_code="66002")
    log = log_of(
        card_decider,
        [
            RecordCards(rows=[Row(rows.card())], correction=False, **COMMON),
            RecordCards(rows=[Row(changed)], correction=True, **COMMON),
        ],
    )
    document = folded(HealthCards(), log)[PID]
    ((row, _),) = cards_at(document, None)
    told = [held.card.facility_code for _, held in card_versions(document, row.row_id, None)]
    assert told == ["66002", "66001"]
    assert len(card_versions(document, row.row_id, rows.NOW + timedelta(minutes=1))) == 1
    assert benefit_versions(None, "0" * 32, None) == []


@pytest.mark.req("S-44")
def test_a_withdrawn_card_that_is_corrected_is_still_read_as_withdrawn() -> None:
    issuing = RecordCards(rows=[Row(rows.card())], correction=False, **COMMON)
    withdrawing = WithdrawCard(card_id=card_id(1), withdrawn_on=date(2026, 5, 1), reason="Thôi việc", **COMMON)
    correcting = RecordCards(rows=[Row(rows.card(sex="female"))], correction=True, **COMMON)
    log = log_of(card_decider, [issuing, withdrawing, correcting])
    ((_, held),) = cards_at(folded(HealthCards(), log)[PID], None)
    assert (held.card.sex, held.state_on(rows.TODAY)) == ("female", "withdrawn")


def erased(event: DomainEvent) -> DomainEvent:
    return event.model_copy(update=dict.fromkeys(event.personal_fields()))


def _commands_of_all() -> list[tuple[Projection, Decider[Any, Any, Any], list[Any], Callable[[Document], object]]]:
    return [
        (
            MedicalBook(),
            visit_decider,
            [RecordVisits(rows=[Row(rows.visit())], correction=False, **COMMON)],
            lambda document: visits_at(document, None),
        ),
        (
            HealthCards(),
            card_decider,
            [RecordCards(rows=[Row(rows.card())], correction=False, **COMMON)],
            lambda document: cards_at(document, None),
        ),
        (
            BenefitTabs(),
            benefit_decider,
            [GrantBenefits(rows=[Row(rows.benefit())], correction=False, **COMMON)],
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


def test_a_visit_keeps_its_value_through_the_document() -> None:
    (event,) = log_of(visit_decider, [RecordVisits(rows=[Row(rows.visit())], correction=False, **COMMON)])
    ((_, visit),) = visits_at(folded(MedicalBook(), [event])[book_key(PID, 2025)], None)
    assert visit == rows.visit()
    assert isinstance(visit, Visit)
