"""How many codes one address may ask for before it has to show that somebody takes the trouble (LIM-12).

Never a block: carriers put thousands of people behind one address. So beyond the limit each code costs a proof of
work, which a person's device makes in a second and a script has to make for every single one.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from ansinh_kit.clock import Clock
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.port import TooManyAttemptsError
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from auth.storage.identities import Identities

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDoorRules:
    """So many codes in five minutes need no proof."""

    codes: int = 25

    @property
    def free(self) -> Throttle:
        return Windows((Window(self.codes, timedelta(minutes=5)),))


class CodeDoor:
    def __init__(
        self,
        *,
        throttles: Throttles,
        identities: Identities,
        human_check: HumanCheck,
        rules: CodeDoorRules,
        clock: Clock,
    ) -> None:
        self._throttles = throttles
        self._identities = identities
        self._human_check = human_check
        self._rules = rules
        self._clock = clock

    async def admit(self, address: str, proof: str | None) -> None:
        """Return if a code may be asked for from `address`; a proof is used up only if it is needed.

        Call it after everything else about the request was checked: a slip must not cost a second proof.

        Raises:
            HumanCheckRequiredError, HumanCheckFailedError: The address has asked for many, and no good proof is there.
        """
        key = f"codes-from:{self._identities.blind('address', address)}"
        try:
            await self._throttles.admit(key, self._rules.free, self._clock.now())
        except TooManyAttemptsError:
            log.warning("codes_asked_for_by_one_address")
            await self._human_check.admit(proof)
