"""How often a message is tried before an operator has to look at it."""

from dataclasses import dataclass
from typing import Final

from ansinh_kit.backoff import Backoff

_BETWEEN_TRIES: Final = Backoff(first_seconds=0.2, longest_seconds=30.0)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a message is tried before it is parked.

    The default gives up after about a minute: far from the half hour after which the broker takes an unanswered
    message back by itself.
    """

    attempts: int = 10
    backoff: Backoff = _BETWEEN_TRIES
