"""The medical book as it is read: as of any moment what stood then, in the year of the discharge."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from ansinh_kit.database import Document
from hypothesis import given
from hypothesis import strategies as st
from records.domain.visits.commands import VisitCommand
from records.domain.visits.decide import visit_decider
from records.domain.visits.visit import Visit
from records.projections.visits import MedicalBook, book_key, visits_at

from tests.records import rows
from tests.records.row_commands import record_visits, withdraw_visit
from tests.records.row_logs import delivered, folded, log_of

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
            lambda visits, correction: record_visits(*visits, correction=correction),
            st.lists(VISIT_OF, max_size=3),
            st.booleans(),
        ),
        st.builds(lambda number: withdraw_visit(visit_id(number)), st.integers(1, 3)),
    ),
    max_size=6,
)


def visit_id(number: int) -> str:
    command = record_visits(rows.visit(dossier_id=f"LK{number}"))
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
        seen = _seen(documents.values(), moment, also_withdrawn=True)
        assert seen == {each: (visit, visit.year) for each, visit in then.standing.items()}


@pytest.mark.req("S-47")
@given(VISIT_COMMANDS)
def test_of_what_was_withdrawn_the_book_says_nothing_whatever_moment_is_asked_about(
    commands: list[VisitCommand],
) -> None:
    log, book = log_of(visit_decider, commands), MedicalBook()
    documents, now = folded(book, log).values(), visit_decider.fold([each.event for each in log])  # type: ignore[misc]
    gone = now.withdrawn - now.standing.keys()
    for minute in range(len(commands) + 1):
        moment = rows.NOW + timedelta(minutes=minute)
        shown, everything = (_seen(documents, moment, also_withdrawn=too) for too in (False, True))
        assert not gone & shown.keys()
        assert shown == {each: visit for each, visit in everything.items() if each in shown}
        assert everything.keys() - shown.keys() <= now.withdrawn


def _seen(documents: Iterable[Document], moment: datetime, *, also_withdrawn: bool) -> dict[str, tuple[Visit, int]]:
    """Return the visits the documents show, by id, each with the year it stands under."""
    return {
        row.row_id: (visit, document["year"])
        for document in documents
        for row, visit in visits_at(document, moment, also_withdrawn=also_withdrawn)
    }


def test_a_visit_keeps_its_value_through_the_document() -> None:
    (event,) = log_of(visit_decider, [record_visits(rows.visit())])
    ((_, visit),) = visits_at(folded(MedicalBook(), [event])[book_key(rows.PARTICIPANT, 2025)], None)
    assert visit == rows.visit()
    assert isinstance(visit, Visit)
