"""What every operation may answer beside success, for its OpenAPI document: one shape for all refusals (API-09)."""

from typing import Any, Final

from ansinh_kit.http.problems import PROBLEM_MEDIA_TYPE

_BILINGUAL: Final = {
    "type": "object",
    "properties": {"vi": {"type": "string"}, "en": {"type": "string"}},
    "required": ["vi", "en"],
}
_MEMBERS: Final[dict[str, Any]] = {
    "type": {"type": "string", "format": "uri"},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "code": {"type": "string", "description": "What programs branch on; it never changes."},
    "request_id": {"type": ["string", "null"]},
    "message": _BILINGUAL,
}
_PROBLEM: Final = {"type": "object", "properties": _MEMBERS, "required": [*_MEMBERS]}
_FIELD_ERROR: Final = {
    "type": "object",
    "properties": {
        "field": {"type": "string"},
        "rule": {"type": "string"},
        "message": _BILINGUAL,
        "way_out": _BILINGUAL,
    },
    "required": ["field", "rule", "message"],
}
_INVALID_FIELDS: Final = {
    "type": "object",
    "properties": {**_MEMBERS, "errors": {"type": "array", "items": _FIELD_ERROR}},
    # Not `errors`: a scanned code that is none is refused as a whole, with a code of its own.
    "required": [*_MEMBERS],
}

PROBLEM_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    422: {
        "description": "A field breaks its rule; `errors` names each field and rule, unless `code` says it all.",
        "content": {PROBLEM_MEDIA_TYPE: {"schema": _INVALID_FIELDS}},
    },
    "default": {
        "description": "A refusal or a fault, as problem details (RFC 9457).",
        "content": {PROBLEM_MEDIA_TYPE: {"schema": _PROBLEM}},
    },
}
