from datetime import datetime

from ansinh_kit.throttling.port import TooManyAttemptsError, seconds_until
from ansinh_kit.throttling.rules import Attempts, Throttle, Wait


class InMemoryThrottles:
    """Attempts in this process only: for tests. It passes the same contract suite as the real one."""

    def __init__(self) -> None:
        self._attempts: dict[str, Attempts] = {}

    async def admit(self, key: str, throttle: Throttle, now: datetime) -> None:
        outcome = throttle.admit(self._attempts.get(key, Attempts()), now)
        if isinstance(outcome, Wait):
            raise TooManyAttemptsError(retry_after_seconds=seconds_until(outcome.until, now))
        self._attempts[key] = outcome
