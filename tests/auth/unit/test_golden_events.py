"""Every event ever stored must be readable for ever: one sample file per type and version, never changed."""

import json
from pathlib import Path

import pytest
from ansinh_kit.event_store.commit_log import StoredEvent
from ansinh_kit.testing.plain_codec import PlainCodec
from auth.events import EVENTS

GOLDEN = Path(__file__).parent.parent / "golden"
SAMPLES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(GOLDEN.glob("*.json"))}


@pytest.mark.parametrize("name", SAMPLES)
async def test_a_stored_sample_is_read_and_written_alike(name: str) -> None:
    stored = SAMPLES[name]
    codec = PlainCodec(EVENTS)
    (event,) = await codec.decode_all(
        [StoredEvent("event-1", stored["type"], stored["schema_version"], stored["data"])], stream_id="stream"
    )
    (again,) = await codec.encode_all([event], stream_id="stream", event_ids=["event-1"])
    # A type grows by fields that may be absent: an older sample is written again with them, and loses nothing.
    assert (again.event_type, {name: again.data[name] for name in stored["data"]}) == (stored["type"], stored["data"])


def test_every_event_has_a_sample_of_its_present_version() -> None:
    wanted = {f"{name}_v{event.schema_version}" for name, event in EVENTS.by_type.items()}
    assert wanted <= SAMPLES.keys()


@pytest.mark.parametrize("name", sorted(EVENTS.by_type))
def test_what_is_personal_is_marked(name: str) -> None:
    personal = {
        "social_insurance_number",
        "identity_number",
        "full_name",
        "phone",
        "email",
        "second_phone",
        "earlier",
        "user_name",
        "subject",
    }
    event = EVENTS.by_type[name]
    assert personal & set(event.model_fields) <= event.personal_fields()
