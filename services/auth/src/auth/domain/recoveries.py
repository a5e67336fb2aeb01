"""A forgotten password: how long each step lives, how often it may begin, and the reference shown at a counter.

What its proofs come to is decided by `access.recoveries`. Source: OTC-09, LIM-21, LIM-22, ADR-0013.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ansinh_kit.errors import RefusedError
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from auth.domain.saved_codes import ALPHABET

_REFERENCE: Final = re.compile(f"[{ALPHABET}]{{8}}", re.ASCII)
_AS_PEOPLE_COPY: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_SHORTEST_COUNTER_WAIT: Final = timedelta(hours=12)


class RecoveryRefusedError(RefusedError):
    """Unknown, late, of another device, without the proofs it takes, or lost to a newer password: one answer."""

    code = "recovery_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRules:
    """LIM-22 for one pair of numbers; the waiting time and the window of ADR-0013 for the counter.

    Attributes:
        life: How long a recovery that nobody approved can be completed, or shown at a counter.
        counter_wait: From the officer's approval until it counts by itself: time to object.
        counter_window: How long it counts after that.
        per_recovery: Tries to complete one: each costs a password's hash.
        per_officer: Approvals of one officer.
    """

    pause: timedelta = timedelta(seconds=60)
    per_day: int = 3
    life: timedelta = timedelta(hours=24)
    counter_wait: timedelta = timedelta(hours=24)
    counter_window: timedelta = timedelta(hours=72)
    per_address: Throttle = field(default_factory=lambda: Windows((Window(25, timedelta(minutes=5)),)))
    per_recovery: Throttle = field(default_factory=lambda: Windows((Window(10, timedelta(hours=1)),)))
    per_officer: Throttle = field(default_factory=lambda: Windows((Window(20, timedelta(hours=1)),)))

    def __post_init__(self) -> None:
        if self.counter_wait < _SHORTEST_COUNTER_WAIT:
            raise ValueError("ADR-0013: a recovery at the counter leaves at least 12 hours to object")

    @property
    def per_person(self) -> Throttle:
        return Windows((Window(1, self.pause), Window(self.per_day, timedelta(hours=24))))

    def counter_span(self, approved_at: datetime) -> tuple[datetime, datetime]:
        """Return from when, and until when, an approval counts without a code."""
        opens_at = approved_at + self.counter_wait
        return opens_at, opens_at + self.counter_window


def new_reference(below: Callable[[int], int]) -> str:
    """Return what the holder shows to an officer: it names a recovery and opens nothing."""
    return "".join(ALPHABET[below(len(ALPHABET))] for _ in range(8))


def normalised_reference(typed: str) -> str | None:
    """Return the reference as it is stored, however it was typed; `None` if it is none at all."""
    reference = typed.strip().upper().translate(_AS_PEOPLE_COPY)
    return reference if _REFERENCE.fullmatch(reference) else None
