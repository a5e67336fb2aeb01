"""Stored events as they were first written: every later release reads them. New versions get new files."""

from pathlib import Path

from ansinh_kit.testing.golden_events import check_golden_events
from records.events import EVENTS, UPCASTERS

GOLDEN = Path(__file__).parent.parent / "golden"


def test_every_event_ever_stored_is_still_read_and_written_as_its_sample_says() -> None:
    check_golden_events(GOLDEN, EVENTS, UPCASTERS)


def test_every_event_with_personal_values_names_its_person() -> None:
    nameless = [kind for kind, event in EVENTS.by_type.items() if event.personal_fields() and not event.subject_field]
    assert nameless == []
