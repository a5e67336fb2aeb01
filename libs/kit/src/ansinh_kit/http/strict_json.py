"""JSON that all readers understand alike, or none gets it (SEC-13, SEC-07, LIM-24).

Two parsers that differ on a duplicate key or on NaN are a way around a check. The gateway and the services use this
one: UTF-8, no duplicate names, finite numbers of 64 bits, 32 levels, no `$` or `.` in names, no lone surrogates.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, Final, NoReturn

MAX_DEPTH: Final = 32
_INT64_DIGITS: Final = 19
_INT64_MAX: Final = 2**63 - 1


class JsonRefusedError(ValueError):
    """The bytes are not JSON of this kind; `rule` says which rule they break."""

    def __init__(self, rule: str, limits: Mapping[str, object] | None = None) -> None:
        super().__init__(rule)
        self.rule = rule
        self.limits = dict(limits or {})


def parse_strict_json(body: bytes) -> Any:  # noqa: ANN401 - JSON is any of six types
    """Return the value.

    Raises:
        JsonRefusedError: With the rule: `malformed_json`, `duplicate_key`, `number_out_of_range`, `too_deep`,
            `forbidden_key`.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_int64,
        )
    except RecursionError:
        # The parser's own limit is far above ours; its error has no cause worth keeping.
        raise JsonRefusedError("too_deep", {"max_depth": MAX_DEPTH}) from None
    except JsonRefusedError:
        raise
    except ValueError as error:
        raise JsonRefusedError("malformed_json") from error
    _check_tree(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonRefusedError("duplicate_key")
    if any(name.startswith("$") or "." in name or "\0" in name for name in found):
        raise JsonRefusedError("forbidden_key")
    return found


def _refuse_constant(_name: str) -> NoReturn:
    raise JsonRefusedError("number_out_of_range")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise JsonRefusedError("number_out_of_range")
    return number


def _int64(text: str) -> int:
    if len(text.lstrip("-")) > _INT64_DIGITS or not -_INT64_MAX - 1 <= int(text) <= _INT64_MAX:
        raise JsonRefusedError("number_out_of_range")
    return int(text)


def _check_tree(value: object) -> None:
    """Walk level by level, not by recursion: the depth is the caller's choice."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in _children(item)]
        if not level:
            return
    if any(_children(item) or isinstance(item, dict | list) for item in level):
        raise JsonRefusedError("too_deep", {"max_depth": MAX_DEPTH})


def _children(item: object) -> list[Any]:
    if isinstance(item, dict):
        return [*item.keys(), *item.values()]
    if isinstance(item, list):
        return item
    if isinstance(item, str) and not _is_unicode(item):
        raise JsonRefusedError("malformed_json")
    return []


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
