"""What every command brings along besides itself."""

import hashlib
from dataclasses import dataclass

from ansinh_kit.events import Metadata


@dataclass(frozen=True, slots=True)
class CommandContext:
    """`commit_id` makes a repeated command one command; `expected_version` is what the caller has seen, if named."""

    commit_id: str
    metadata: Metadata
    expected_version: int | None = None

    def derived(self, purpose: str) -> str:
        """Return an id, 32 hex digits, that belongs to this command: of a second commit, or of what it creates."""
        return derived_id(self.commit_id, purpose)


def derived_id(origin: str, purpose: str) -> str:
    """Return the one id, 32 hex digits, that `origin` gives for `purpose`: repeating a step finds it again."""
    return hashlib.sha256(f"{origin}/{purpose}".encode()).hexdigest()[:32]
