"""Stored events as they were first written: every later release reads them. New versions get new files."""

import json
from pathlib import Path

import pytest
from ansinh_kit.events import DomainEvent
from registration.domain.access import DeclarationReadByOfficer, PhotoViewedByOfficer
from registration.domain.declaration import events as happened
from registration.events import EVENTS, UPCASTERS

from tests.registration import builders as b

GOLDEN = Path(__file__).parent.parent / "golden"
ACCESS = {
    "declaration_id": "d" * 32,
    "person_id": "e" * 32,
    "officer_id": "officer-a",
    "agency_code": b.AGENCY,
    "occurred_at": b.AT,
}
SAMPLES: tuple[DomainEvent, ...] = (
    b.started(),
    b.filled_in(),
    b.attached("portrait"),
    b.submitted(),
    b.set_aside(),
    b.duplicate_noticed(),
    b.claimed(),
    happened.DeclarationReleased(**b.IDS, officer_id="officer-a"),
    b.rejected("full_name"),
    happened.FieldsCorrected(**b.IDS, corrected_fields=("full_name",), form=b.form()),
    b.resubmitted("full_name"),
    b.found_valid(),
    b.withdrawn(),
    happened.AccountOpenedForDeclarant(**b.IDS, account_id="c" * 32),
    happened.AccountActivatedByDeclarant(**b.IDS, account_id="c" * 32),
    happened.DeclarationForgotten(**b.IDS),
    DeclarationReadByOfficer.model_validate(ACCESS),
    PhotoViewedByOfficer.model_validate(
        ACCESS | {"kind": "portrait", "file_id": "a" * 32, "purpose": "compare_with_form"}
    ),
)


def name_of(event: DomainEvent) -> str:
    return f"{event.event_type}.v{event.schema_version}.json"


@pytest.mark.parametrize("sample", SAMPLES, ids=name_of)
def test_an_event_is_written_and_read_as_its_golden_file_says(sample: DomainEvent) -> None:
    golden = json.loads((GOLDEN / name_of(sample)).read_text(encoding="utf-8"))
    assert sample.model_dump(mode="json") == golden
    assert type(sample).model_validate(golden) == sample


def test_a_valid_declaration_of_the_first_version_is_read_without_a_residence() -> None:
    golden = json.loads((GOLDEN / "declaration_found_valid.v1.json").read_text(encoding="utf-8"))
    read = UPCASTERS.personal("declaration_found_valid", golden, stored=1, wanted=2)

    holder = happened.DeclarationFoundValid.model_validate(read).holder
    assert holder is not None
    assert (holder.contact, holder.residence) == (b.contact(), None)


def test_every_event_has_a_golden_file_and_every_file_an_event() -> None:
    assert {sample.event_type for sample in SAMPLES} == set(EVENTS.by_type)
    assert {path.name for path in GOLDEN.glob("*.json")} >= {name_of(sample) for sample in SAMPLES}
    assert {path.name.partition(".")[0] for path in GOLDEN.glob("*.json")} == set(EVENTS.by_type)


def test_personal_fields_are_marked() -> None:
    marked = {event.event_type: sorted(event.personal_fields()) for event in EVENTS.by_type.values()}
    assert {name: fields for name, fields in marked.items() if fields} == {
        "form_filled_in": ["form"],
        "declaration_submitted": ["contact", "form_copy"],
        "declaration_set_aside": ["contact", "form_copy"],
        "duplicate_noticed": ["contact"],
        "declaration_rejected": ["contact", "reasons"],
        "fields_corrected": ["form"],
        "declaration_resubmitted": ["contact"],
        "declaration_found_valid": ["contact", "holder"],
    }
