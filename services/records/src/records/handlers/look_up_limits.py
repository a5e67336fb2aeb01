"""How often strangers may ask about people: counted before anything is looked up, whether there is an answer or not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from ansinh_kit.clock import Clock
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.throttling.port import Throttling
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from records.domain.look_up.number_keys import IndexKey

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LookUpLimits:
    """Per address, per person asked about, and per name: the last stops trying one birth date after the other.

    Carriers put many people behind one address, and many people share a name: those two are wide.
    """

    per_address: Throttle = field(default_factory=lambda: Windows((Window(30, _HOUR), Window(100, _DAY))))
    per_person: Throttle = field(default_factory=lambda: Windows((Window(5, _HOUR), Window(10, _DAY))))
    per_name: Throttle = field(default_factory=lambda: Windows((Window(60, _HOUR), Window(200, _DAY))))


class LookUpGuard:
    def __init__(
        self, throttles: Throttling, blind_index: BlindIndex, clock: Clock, limits: LookUpLimits | None = None
    ) -> None:
        self._throttles = throttles
        self._blind_index = blind_index
        self._clock = clock
        self._limits = limits or LookUpLimits()

    async def admit(self, address: str, *, person: IndexKey, name: IndexKey | None = None) -> None:
        """Count the question, or refuse it.

        Args:
            person: Whom the question is about, in one spelling; never stored in the clear.

        Raises:
            TooManyAttemptsError: Too often from this address, about this person, or with this name.
            UnavailableError: It could not be counted, so it must not be answered.
        """
        for key, throttle in self._counted(address, person, name):
            await self._throttles.admit(key, throttle, self._clock.now())

    def _counted(self, address: str, person: IndexKey, name: IndexKey | None) -> Iterable[tuple[str, Throttle]]:
        yield f"look-ups-from:{self._blind_index.of('address', address)}", self._limits.per_address
        yield f"look-ups-of:{self._blind_index.of(*person)}", self._limits.per_person
        if name is not None:
            yield f"look-ups-by-name:{self._blind_index.of(*name)}", self._limits.per_name
