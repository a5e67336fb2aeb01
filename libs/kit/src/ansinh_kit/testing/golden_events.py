"""Golden files: one stored sample of every version of every event, kept for ever, read by today's code.

`<directory>/<event_type>.<version>.json` holds `{"clear": {...}, "personal": {...}}`, `personal` only where the
version has personal fields. Values are made up.
"""

import json
from pathlib import Path
from typing import Any

from ansinh_kit.event_store.upcasting import Upcasters
from ansinh_kit.events import DomainEvent, EventRegistry


def check_golden_events(directory: Path, registry: EventRegistry, upcasters: Upcasters) -> None:
    """Assert that every version of every event has a sample, that each still reads, and the newest reads unchanged.

    A changed field therefore shows as a failing sample: give the event a new `schema_version`, an upcaster, and a
    new sample; never edit an old one.
    """
    for event_class in registry.by_type.values():
        for version in range(1, event_class.schema_version + 1):
            _check(directory / f"{event_class.event_type}.{version}.json", event_class, version, upcasters)
    expected = {f"{e.event_type}.{v}.json" for e in registry.by_type.values() for v in range(1, e.schema_version + 1)}
    strays = sorted({path.name for path in directory.glob("*.json")} - expected)
    if strays:
        raise AssertionError(f"samples of no registered event: {strays}")


def _check(path: Path, event_class: type[DomainEvent], version: int, upcasters: Upcasters) -> None:
    if not path.exists():
        raise AssertionError(f"no sample of {event_class.event_type} version {version}: write {path.name}")
    sample = json.loads(path.read_text(encoding="utf-8"))
    event = event_class.model_validate(_present_payload(sample, event_class, version, upcasters))
    if version == event_class.schema_version:
        stored = {**sample["clear"], **sample.get("personal", {})}
        written = event.model_dump(mode="json")
        if written != stored:
            raise AssertionError(f"{path.name} is no longer what is written: {written}")
        misplaced = event_class.personal_fields() ^ set(sample.get("personal", {}))
        if misplaced:
            raise AssertionError(f"{path.name}: personal in the class or in the sample, not in both: {misplaced}")


def _present_payload(
    sample: dict[str, Any], event_class: type[DomainEvent], version: int, upcasters: Upcasters
) -> dict[str, Any]:
    kind, wanted = event_class.event_type, event_class.schema_version
    clear = upcasters.clear(kind, sample["clear"], stored=version, wanted=wanted)
    return clear | upcasters.personal(kind, sample.get("personal", {}), stored=version, wanted=wanted)
