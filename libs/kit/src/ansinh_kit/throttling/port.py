"""Attempts counted before they are made: what a caller may rely on, wherever they are counted."""

import math
from datetime import datetime
from typing import ClassVar, Protocol

from ansinh_kit.errors import SlowDownError
from ansinh_kit.throttling.rules import Throttle


class TooManyAttemptsError(SlowDownError):
    """Slow down: another attempt is heard after `retry_after_seconds`."""

    code: ClassVar[str] = "too_many_attempts"


class Throttling(Protocol):
    async def admit(self, key: str, throttle: Throttle, now: datetime) -> None:
        """Write the attempt down before it is made.

        Args:
            key: Made of blind indexes and ids; no number, phone or address in the clear.

        Raises:
            TooManyAttemptsError: The throttle says to wait; nothing was written.
            UnavailableError: The attempt could not be counted, so it must not be made.
        """
        ...


def seconds_until(moment: datetime, now: datetime) -> int:
    """Return whole seconds to wait, at least one."""
    return max(1, math.ceil((moment - now).total_seconds()))
