from ansinh_contracts.publications import AUTH, NOTIFICATIONS, RECORDS, REGISTRATION
from ansinh_contracts.schemas import SCHEMA_FOLDER, all_events, snapshots
from ansinh_kit.integration_event import IntegrationEvent

PUBLICATIONS = {publication.producer: publication for publication in (AUTH, REGISTRATION, RECORDS, NOTIFICATIONS)}
# What must never stand in the clear on the bus, whatever an event calls it.
PERSONAL_WORDS = (
    "phone",
    "email",
    "number",
    "name",
    "address",
    "contact",
    "holder",
    "secret",
    "target",
    "text",
    "reason",
)
# Words above that are no personal values where they stand.
HARMLESS = {"dossier_number", "dispute_number", "masked_target", "reason"}


def test_every_schema_stands_as_its_snapshot_says() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in SCHEMA_FOLDER.glob("*.json")}

    assert dict(snapshots()) == written, "run: python -m ansinh_contracts.schemas, and look at the diff"


def test_names_and_versions_are_unique_and_belong_to_a_producer() -> None:
    names = [(event.name, event.version) for event in all_events()]

    assert len(names) == len(set(names))
    assert {event.producer() for event in all_events()} == set(PUBLICATIONS)


def test_personal_values_are_sealed_fields() -> None:
    clear = [
        f"{event.name}.{field}"
        for event in all_events()
        for field in set(event.model_fields) - set(event.sealed_fields()) - HARMLESS
        if any(word in field for word in PERSONAL_WORDS)
    ]

    assert clear == []


def test_sealed_fields_go_to_subscribers_only_and_may_be_absent_for_all_others() -> None:
    for event in all_events():
        for field, readers in event.sealed_fields().items():
            assert not event.model_fields[field].is_required(), f"{event.name}.{field}: other readers do not see it"
            assert set(readers) <= _listeners(event), (
                f"{event.name}.{field} is sealed to a service that does not listen"
            )


def _listeners(event: type[IntegrationEvent]) -> set[str]:
    if event.name == "auth.secret_message":
        return {"notifications"}
    subscribers = PUBLICATIONS[event.producer()].subscribers
    return {consumer for consumer, events in subscribers.items() if event in events}
