"""The other gateways, as far as they were heard of lately."""

from collections.abc import Callable


class Neighbours:
    """Remembers the last number of each, so that what is sent once counts once.

    Args:
        present_seconds: Who is silent for longer is forgotten; so the table is no longer than those who tell.
    """

    def __init__(self, *, monotonic: Callable[[], float], present_seconds: float) -> None:
        self._monotonic = monotonic
        self._present_seconds = present_seconds
        self._last: dict[str, tuple[int, float]] = {}

    def is_new(self, sender: str, number: int) -> bool:
        """Note the message; tell whether the sender has not sent this number, or a later one, before."""
        last, _ = self._last.get(sender, (0, 0.0))
        if number <= last:
            return False
        self._last[sender] = (number, self._monotonic())
        return True

    def present(self) -> int:
        """Forget who has been silent, and return how many are left."""
        oldest = self._monotonic() - self._present_seconds
        self._last = {sender: last for sender, last in self._last.items() if last[1] >= oldest}
        return len(self._last)
