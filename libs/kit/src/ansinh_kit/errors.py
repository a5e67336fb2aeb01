"""The bases every domain error derives from. They know no HTTP; the edge has one table from them."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import ClassVar


class DomainError(Exception):
    """A rule said no. Subclasses carry their facts as attributes and a stable `code`.

    `code` is part of the public contract: clients branch on it, so it never changes once published.
    """

    code: ClassVar[str] = "domain_error"

    def facts(self) -> dict[str, object]:
        """Return the facts that may be shown to the caller: ids, states, limits; never personal values."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}


class NotFoundError(DomainError):
    """The thing named does not exist, or the caller may not know that it does."""

    code: ClassVar[str] = "not_found"


class RefusedError(DomainError):
    """The thing exists, and its present state does not allow what was asked."""

    code: ClassVar[str] = "refused"


class ForbiddenError(DomainError):
    """The caller is known and may not do this."""

    code: ClassVar[str] = "forbidden"


class ConcurrencyConflictError(DomainError):
    """Someone else changed the stream first: load it again and decide anew."""

    code: ClassVar[str] = "concurrency_conflict"

    def __init__(self, stream_id: str, expected_version: int) -> None:
        super().__init__(f"{stream_id} is no longer at version {expected_version}")
        self.stream_id = stream_id
        self.expected_version = expected_version


class UnavailableError(Exception):
    """A dependency is down or late. The caller may try again; nothing is known about the outcome."""

    def __init__(self, dependency: str, *, retry_after_seconds: int = 2) -> None:
        super().__init__(f"{dependency} is unavailable")
        self.dependency = dependency
        self.retry_after_seconds = retry_after_seconds


class SlowDownError(DomainError):
    """Too often: the same may be asked again after `retry_after_seconds`."""

    code: ClassVar[str] = "slow_down"

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__(f"wait {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


@dataclasses.dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field breaks one rule. `limits` are the rule's own numbers and lists, never what was typed in."""

    field: str
    rule: str
    limits: Mapping[str, object] = dataclasses.field(default_factory=dict)


class InvalidFieldsError(DomainError):
    """Fields of the request break rules that its model alone could not check."""

    code: ClassVar[str] = "invalid_fields"

    def __init__(self, violations: Sequence[FieldViolation]) -> None:
        super().__init__(", ".join(f"{violation.field}: {violation.rule}" for violation in violations))
        self._violations = tuple(violations)

    @property
    def violations(self) -> tuple[FieldViolation, ...]:
        return self._violations
