"""What a provider must say of a person before that person is let in: who, how surely, and only just now.

That the provider said it, to us and in answer to our own question, is for the adapter of the port to see to.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Final

from ansinh_kit.errors import DomainError

_CITIZEN_NUMBER: Final = re.compile(r"\d{12}", re.ASCII)


class EIdRefusedError(DomainError):
    """The log-in by e-ID does not hold, or there is no account it may open; never says which (OTC-10).

    Args:
        rule: For the log alone: which part does not hold.
    """

    code: ClassVar[str] = "e_id_refused"

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self._rule = rule

    @property
    def rule(self) -> str:
        return self._rule


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityClaims:
    """What the provider said and signed. What it did not say is `None`."""

    issuer: str
    subject: str = field(repr=False)
    citizen_number: str | None = field(repr=False)
    level: str | None
    authenticated_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenIdentity:
    """A person who has just shown an e-ID of the level that is asked for."""

    issuer: str
    subject: str = field(repr=False)
    citizen_number: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRules:
    """`levels` are the values of `acr` that suffice; `clock_slack` is how far the provider's clock may be off."""

    levels: frozenset[str] = frozenset({"level-2"})
    clock_slack: timedelta = timedelta(seconds=60)

    def __post_init__(self) -> None:
        if not self.levels:
            raise ValueError("V-12: some level of assurance has to be asked for")


def proven_identity(
    claims: IdentityClaims, rules: ClaimRules, *, started_at: datetime, now: datetime
) -> ProvenIdentity:
    """Return who the claims prove it is.

    Args:
        started_at: When we sent the person to the provider: what was shown there before that does not count.

    Raises:
        EIdRefusedError: With the first rule the claims break.
    """
    number = claims.citizen_number
    if number is None or not _CITIZEN_NUMBER.fullmatch(number):
        raise EIdRefusedError("citizen_number")
    if claims.level not in rules.levels:
        raise EIdRefusedError("level")
    at = claims.authenticated_at
    if at is None or not started_at - rules.clock_slack <= at <= now + rules.clock_slack:
        raise EIdRefusedError("time")
    return ProvenIdentity(issuer=claims.issuer, subject=claims.subject, citizen_number=number)
