"""The request target: accepted only in the one form that is routed and sent on, byte for byte (GW-04)."""

import re
from dataclasses import dataclass

from gateway.refusals import Refusal

# RFC 3986 path characters. No percent sign: no route needs one, and what cannot be decoded cannot be decoded twice.
_PATH = re.compile(rb"/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*")
_QUERY = re.compile(rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]]|%[0-9A-Fa-f]{2})*")


@dataclass(frozen=True, slots=True)
class Target:
    """A path without dot segments, empty segments or escapes, and the query as it came."""

    path: str
    query: str

    def with_path(self, path: str) -> str:
        """Return the origin form with another path and the same query."""
        return f"{path}?{self.query}" if self.query else path


def read_target(raw: bytes) -> Target:
    """Return the target of the request line.

    Raises:
        Refusal: Absolute form, fragment, `..`, `//`, any escape in the path, NUL or other bytes outside RFC 3986.
    """
    path, _, query = raw.partition(b"?")
    if not _PATH.fullmatch(path) or not _QUERY.fullmatch(query) or _has_odd_segment(path):
        raise Refusal("target_invalid", closes=True)
    return Target(path.decode("ascii"), query.decode("ascii"))


def _has_odd_segment(path: bytes) -> bool:
    return b"//" in path or b"/./" in path or b"/../" in path or path.endswith((b"/.", b"/.."))
