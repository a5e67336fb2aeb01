"""What every command brings along besides itself."""

import hashlib
from dataclasses import dataclass
from typing import Final

from ansinh_kit.events import Metadata

_STREAM_PREFIX: Final = "declaration"
_ACCESS_PREFIX: Final = "declaration_access"


@dataclass(frozen=True, slots=True)
class CommandContext:
    """`commit_id` makes a repeated command one command; `expected_version` is what the caller has seen, if named."""

    commit_id: str
    metadata: Metadata
    expected_version: int | None = None

    def derived(self, purpose: str) -> str:
        """Return the commit id of a second commit that belongs to this command."""
        return hashlib.sha256(f"{self.commit_id}/{purpose}".encode()).hexdigest()[:32]


def declaration_stream(declaration_id: str) -> str:
    return f"{_STREAM_PREFIX}-{declaration_id}"


def access_stream(declaration_id: str) -> str:
    return f"{_ACCESS_PREFIX}-{declaration_id}"
