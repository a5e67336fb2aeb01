"""What comes out: models that say every field, and none that is ours alone."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from tests.surface.published import Operation, fields, operations, resolved

JSON: Final = "application/json"
# Files, which have a media type of their own and no fields.
FILES: Final = frozenset(
    {
        "registration GET /v1/officer/declarations/{declaration_id}/photos/{kind}",
        "records GET /v1/participants/{who}/exports/{file}",
        "records GET /v1/staff/imports/{import_id}/report",
    }
)
# What stands in documents and events and is nobody's outside.
INTERNAL: Final = frozenset(
    {
        "_id",
        "blind_index",
        "ciphertext",
        "code_hash",
        "commit_id",
        "commit_ids",
        "data_key",
        "key_id",
        "owner",
        "password",
        "password_hash",
        "pepper_id",
        "pii",
        "secret_hash",
        "sealed",
        "stream_id",
        "token_hash",
        "wrapped_key",
    }
)
REFRESH: Final = "refresh"


def success(operation: Operation) -> Mapping[str, Any]:
    """Return what is said of the one answer that is a success."""
    (found,) = (said for status, said in operation.said["responses"].items() if status.startswith("2"))
    answer: Mapping[str, Any] = found
    return answer


def answered(operation: Operation) -> Mapping[str, Any] | None:
    """Return the schema of its success; `None` if that has no body."""
    content = success(operation).get("content")
    return None if content is None else content[JSON]["schema"]


JSON_OPERATIONS: Final = [one for one in operations() if str(one) not in FILES]


@pytest.mark.sec("SEC-11")
@pytest.mark.parametrize("operation", JSON_OPERATIONS, ids=str)
def test_an_answer_comes_from_a_model_that_names_its_fields(operation: Operation) -> None:
    schema = answered(operation)
    if schema is None:
        assert "204" in operation.said["responses"]
        return
    assert schema, "the route says nothing of what it answers"
    whole = resolved(operation.service, schema)
    assert whole.get("properties") or whole.get("type") == "array", whole
    for name, field in fields(operation.service, schema):
        assert field.get("additionalProperties") is not True, f"{name} may hold anything"


@pytest.mark.sec("SEC-11")
@pytest.mark.parametrize("operation", JSON_OPERATIONS, ids=str)
def test_no_answer_has_a_field_that_is_ours_alone(operation: Operation) -> None:
    named = {name for name, _ in fields(operation.service, answered(operation) or {})}
    assert not named & INTERNAL


@pytest.mark.sec("SES-09")
def test_nothing_gives_or_takes_a_refresh_token() -> None:
    for operation in operations():
        body = operation.said.get("requestBody", {}).get("content", {})
        shapes = [said.get("schema", {}) for said in body.values()]
        shapes += [answered(operation) or {}] if str(operation) not in FILES else []
        found = [(name, field) for shape in shapes for name, field in fields(operation.service, shape)]
        assert not [name for name, _ in found if REFRESH in name.lower()], operation
        for name, field in found:
            assert not any(REFRESH in str(choice) for choice in field.get("enum", ())), (operation, name)
    assert not [operation.path for operation in operations() if REFRESH in operation.path]
