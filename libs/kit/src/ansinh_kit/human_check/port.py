"""What a public question asks for before it is answered: a sign that somebody took the trouble to ask it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from ansinh_kit.errors import ForbiddenError

Flaw = Literal["malformed", "forged", "expired", "too_little_work", "used"]


class HumanCheckRequiredError(ForbiddenError):
    """The question came without a proof."""

    code: ClassVar[str] = "human_check_required"


class HumanCheckFailedError(ForbiddenError):
    """The proof does not hold; a new challenge helps, whatever the `flaw`."""

    code: ClassVar[str] = "human_check_failed"

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(f"human check failed: {flaw}")
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the asker has to solve until `expires_at`. `text` is opaque to all but the solver named by `kind`."""

    kind: str
    text: str
    difficulty_bits: int
    expires_at: datetime


class HumanCheck(Protocol):
    def challenge(self) -> Challenge:
        """Return a new challenge. Nothing is stored: asking for many costs nobody anything."""
        ...

    async def admit(self, proof: str | None) -> None:
        """Return if `proof` solves one of our challenges and was never used; it is used up then.

        Raises:
            HumanCheckRequiredError: There is no proof.
            HumanCheckFailedError: It does not hold.
            UnavailableError: Whether it was used could not be asked, so it must not be accepted.
        """
        ...
