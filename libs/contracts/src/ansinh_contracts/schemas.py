"""JSON Schemas of all integration events, written to `libs/contracts/schemas/` by `python -m ansinh_contracts.schemas`.

The files are snapshots: a change of an event shows as a diff beside it, and a test fails until both agree.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from ansinh_kit.integration_event import IntegrationEvent

from ansinh_contracts import auth, notifications, records, registration

SCHEMA_FOLDER: Final = Path(__file__).parents[2] / "schemas"
_MODULES: Final = (auth, notifications, records, registration)


def all_events() -> list[type[IntegrationEvent]]:
    """Return every published event, by name and version."""
    found = {
        value
        for module in _MODULES
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, IntegrationEvent) and "name" in vars(value)
    }
    return sorted(found, key=lambda event: (event.name, event.version))


def schema_of(event: type[IntegrationEvent]) -> dict[str, Any]:
    """Return what a reader may rely on: the fields, and for the sealed ones who can open them."""
    schema = event.model_json_schema(mode="serialization")
    schema["x-name"] = event.name
    schema["x-version"] = event.version
    schema["x-sealed"] = {name: sorted(readers) for name, readers in sorted(event.sealed_fields().items())}
    return schema


def snapshots() -> Iterable[tuple[str, str]]:
    """Return file name and text of every schema."""
    for event in all_events():
        text = json.dumps(schema_of(event), indent=2, ensure_ascii=False, sort_keys=True)
        yield f"{event.name}.v{event.version}.json", f"{text}\n"


def _write() -> None:
    SCHEMA_FOLDER.mkdir(exist_ok=True)
    for stale in SCHEMA_FOLDER.glob("*.json"):
        stale.unlink()
    for name, text in snapshots():
        (SCHEMA_FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _write()
