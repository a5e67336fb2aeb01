"""Requests nobody honest sends, made from the published OpenAPI document: for whatever it offers, without a list."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = Any

# Bodies that are wrong wherever they come.
RAW_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a number of a million digits": b'{"x":' + b"9" * 200_000 + b"}",
    "cut short": b'{"a":',
    "not a number": b'{"phone": NaN}',
    "too large a number": b'{"phone": 1e999}',
    "one name twice": b'{"phone": "0900000001", "phone": "0900000002"}',
    "a query operator": b'{"$where": "sleep(5000)"}',
    "a path as a name": b'{"identity.kind": "citizen_id"}',
    "33 levels": b'{"a":' * 33 + b"1" + b"}" * 33,
    "100,000 levels": b"[" * 100_000,
    "half a character": b'{"full_name": "\\ud800"}',
    "bytes that are no UTF-8": b'{"full_name": "\xff\xfe"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a field nobody knows": b'{"status": "valid", "verified": true, "roles": ["officer"]}',
}
# Values that no field of any form may take, whatever its own rule.
VALUES: dict[str, Json] = {
    "an operator": {"$ne": None},
    "an object": {"toString": "x"},
    "a list": ["x"],
    "a fraction": 1.5,
    "the last 64-bit number": 2**63 - 1,
    "a NUL": "0900\x00000001",
    "a line break": "Nguyễn\r\nBcc: x@example.org",
    "endless": "9" * 30_000,
}
# A password is whatever a person types, a scanned code whatever was printed, and what people write in their own words
# has lines: their characters are no fault, or one that is looked at where the matter itself is known.
ANY_TEXT = frozenset({"password", "payload", "answer", "reason", "words"})
TEXTS = frozenset({"a NUL", "a line break"})
SEGMENTS = ("0" * 32, "f" * 32, "1", "-1", "a" * 128, "$ne", "portrait", "sit_" + "A" * 43, "~", "'", "*")
QUERIES = ("limit=0", "limit=101", "skip=-1", "limit=1e9", "limit=9999999999999999999", "limit=1&limit=2", "layout=%00")
MORE_QUERIES = ("province=%EF%BF%BF", "province=../..", "district[$ne]=1", "purpose=%0d%0aX:1", "message=%27%20OR%201")
HEADERS: tuple[dict[str, str], ...] = (
    {"Declaration-Token": "dct_" + "A" * 43},
    {"Declaration-Token": "a" * 5_000},
    {"Idempotency-Key": "short"},
    {"Idempotency-Key": "$" * 40},
    {"If-Match": "*"},
    {"If-Match": 'W/"1", "2"'},
    {"If-Match": '"' + "9" * 30 + '"'},
    {"Content-Type": "text/html; charset=utf-7"},
    {"Content-Type": "application/json; charset=utf-16"},
    {"Content-Encoding": "gzip"},
    {"Prefer": "return=representation; x=" + "y" * 2_000},
)


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    schema: Json | None
    responses: frozenset[str]
    needs_session: bool

    def at(self, segment: str) -> str:
        """Return the path with every parameter filled in with `segment`."""
        parts = (segment if part.startswith("{") else part for part in self.path.split("/"))
        return "/".join(parts)


@dataclass(frozen=True)
class BadField:
    """A body with one value that cannot be right."""

    place: str
    body: Json
    name: str = field(compare=False)


def operations(document: Json) -> list[Operation]:
    return [
        Operation(
            method.upper(), path, _json_schema(found, document), frozenset(found["responses"]), bool(found["security"])
        )
        for path, item in document["paths"].items()
        for method, found in item.items()
    ]


def bad_fields(schema: Json, document: Json) -> Iterator[BadField]:
    """Yield, for each field of the schema and of the objects in it, bodies with every hostile value in it."""
    for place in _places(schema, document):
        for name, value in VALUES.items():
            if name in TEXTS and place[-1] in ANY_TEXT:
                continue
            yield BadField(".".join(place), _nested(place, value), name)


def _json_schema(operation: Json, document: Json) -> Json | None:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return None if schema is None else _resolved(schema, document)


def _resolved(schema: Json, document: Json) -> Json:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    return document["components"]["schemas"][reference.rsplit("/", 1)[-1]]


def _places(schema: Json, document: Json) -> Iterator[tuple[str, ...]]:
    for name, part in schema.get("properties", {}).items():
        inner = [_resolved(each, document) for each in (part, *part.get("anyOf", []))]
        nested = [place for each in inner for place in _places(each, document)]
        yield from ((name, *place) for place in nested) if nested else ((name,),)


def _nested(place: tuple[str, ...], value: Json) -> Json:
    name, *rest = place
    return {name: _nested(tuple(rest), value) if rest else value}
