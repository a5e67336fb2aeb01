"""What is said when no SMS may leave (LIM-10)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UsedUp:
    """There is an SMS again in `wait_seconds`. `of_all`: not only for numbers like this one."""

    wait_seconds: float
    of_all: bool
