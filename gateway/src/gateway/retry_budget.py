"""How many requests to a service may be second tries, so that retries never make an outage worse (LIM-27)."""

from typing import Final

_BURST: Final = 10.0


class RetryBudget:
    """Each request earns a share of a retry; ten may be saved up, and as many are there at the start."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._saved = _BURST

    def earn(self) -> None:
        """Note one first try."""
        self._saved = min(_BURST, self._saved + self._share)

    def spend(self) -> bool:
        """Take one retry out of the budget; say whether it was there."""
        if self._saved < 1:
            return False
        self._saved -= 1
        return True
