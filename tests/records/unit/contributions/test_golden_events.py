"""Stored events of contributions as they were first written: every later release reads them."""

import json
from pathlib import Path

import pytest
from ansinh_kit.events import DomainEvent
from records.domain.contributions.decide import contribution_events
from records.domain.contributions.events import PeriodWithdrawn
from records.domain.contributions.state import Event

from tests.records.unit.contributions import builders as b

GOLDEN = Path(__file__).parent / "golden"
FULL = b.period(
    kind="health",
    workplace="Buôn Ma Thuột",
    position="Trưởng phòng",
    title="Kế toán trưởng",
    allowances={"position": "0.5", "professional_seniority": "12"},
    movement_code="TM",
    contract="Không xác định thời hạn",
    note="Chuyển từ dữ liệu giấy",
)
SAMPLES: tuple[DomainEvent, ...] = (
    b.recorded(FULL),
    b.corrected(b.period(status="unpaid", value="2.34"), first=b.period()),
    b.withdrawn(b.period()),
    b.moved(),
    b.taken_over({"1" * 32: b.period()}),
)


def name_of(event: DomainEvent) -> str:
    return f"{event.event_type}.v{event.schema_version}.json"


@pytest.mark.parametrize("sample", SAMPLES, ids=name_of)
def test_an_event_is_written_and_read_as_its_golden_file_says(sample: DomainEvent) -> None:
    golden = json.loads((GOLDEN / name_of(sample)).read_text(encoding="utf-8"))

    assert sample.model_dump(mode="json") == golden
    assert type(sample).model_validate(golden) == sample


def test_every_event_has_a_golden_file_and_every_file_an_event() -> None:
    assert {sample.event_type for sample in SAMPLES} == set(contribution_events.by_type)
    assert {path.name.partition(".")[0] for path in GOLDEN.glob("*.json")} == set(contribution_events.by_type)


@pytest.mark.sec("PII-04")
def test_what_describes_the_person_is_personal_and_reads_empty_once_forgotten() -> None:
    assert {event.event_type: sorted(event.personal_fields()) for event in contribution_events.by_type.values()} == {
        "period_recorded": ["detail"],
        "period_corrected": ["detail"],
        "period_withdrawn": ["reason"],
        "contributions_moved": [],
        "contributions_taken_over": ["details"],
    }
    erased: list[Event] = [
        b.recorded(FULL).model_copy(update={"detail": None}),
        PeriodWithdrawn.model_validate(b.withdrawn(FULL).model_dump() | {"reason": "[erased]"}),
        b.taken_over({"1" * 32: FULL}).model_copy(update={"details": None}),
    ]
    assert b.fold(*erased).periods["1" * 32].detail is None
