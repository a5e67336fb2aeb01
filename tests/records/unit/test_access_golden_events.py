"""Events of openings and disputes as they were first written: every later release reads them."""

import json
from pathlib import Path

import pytest
from ansinh_kit.events import DomainEvent
from records.domain.dispute.events import DISPUTE_EVENTS
from records.domain.opening.events import OPENING_EVENTS

from tests.records import access_builders as b

GOLDEN = Path(__file__).parent.parent / "golden" / "access"
SAMPLES: tuple[DomainEvent, ...] = (
    b.record_opened(),
    b.record_read("benefits"),
    b.dispute_opened(),
    b.dispute_assigned(),
    b.dispute_answered(),
    b.dispute_escalated(),
    b.dispute_settled(),
)


def name_of(event: DomainEvent) -> str:
    return f"{event.event_type}.v{event.schema_version}.json"


@pytest.mark.parametrize("sample", SAMPLES, ids=name_of)
def test_an_event_is_written_and_read_as_its_golden_file_says(sample: DomainEvent) -> None:
    golden = json.loads((GOLDEN / name_of(sample)).read_text(encoding="utf-8"))
    assert sample.model_dump(mode="json") == golden
    assert type(sample).model_validate(golden) == sample


def test_every_event_has_a_golden_file_and_every_file_an_event() -> None:
    types = {event.event_type for event in (*OPENING_EVENTS, *DISPUTE_EVENTS)}
    assert {sample.event_type for sample in SAMPLES} == types
    assert {path.name.partition(".")[0] for path in GOLDEN.glob("*.json")} == types


def test_what_people_wrote_and_how_to_reach_them_is_personal() -> None:
    marked = {event.event_type: sorted(event.personal_fields()) for event in (*OPENING_EVENTS, *DISPUTE_EVENTS)}
    assert {name: fields for name, fields in marked.items() if fields} == {
        "record_opened": ["reason"],
        "dispute_opened": ["contact", "words"],
        "dispute_answered": ["answer", "contact"],
        "dispute_settled": ["answer", "contact"],
    }
