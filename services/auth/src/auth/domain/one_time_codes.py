"""One-time codes: how long they live, how often they are tried and sent, and what is stored of them.

The counting itself is a conditional update in `storage.challenges`; the numbers and the arithmetic are here.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from ansinh_contracts.auth import CodePurpose
from ansinh_contracts.notifications import Channel
from ansinh_kit.errors import RefusedError
from ansinh_kit.throttling.rules import Window, Windows

OWN_DIGITS: Final = 4
"""Of a phone number; the others are its range, in which SMS are budgeted (LIM-10)."""
_HIGHEST_WRONG_IN_A_ROW = 100
_BUDGET = Windows((Window(5, timedelta(minutes=15)), Window(10, timedelta(hours=24))))


LAST_CODES: Final = 200
"""So many of a range's newest codes are looked at when it is judged (LIM-11)."""


def hardly_entered(entered: Sequence[bool]) -> bool:
    """Whether of a range's last `LAST_CODES` codes fewer than half were entered. Of fewer codes nothing is said."""
    return len(entered) >= LAST_CODES and 2 * sum(entered[-LAST_CODES:]) < LAST_CODES


class CodeRefusedError(RefusedError):
    """Wrong, late, used, tried too often, of another purpose or unknown: the answer is the same (OTC-02)."""

    code = "code_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRules:
    """LIM-06 to LIM-09, LIM-21. `resend_waits` are counted from the last sending; the last one repeats."""

    digits: int = 6
    life_from_hand_over: timedelta = timedelta(minutes=5)
    life_from_creation: timedelta = timedelta(minutes=10)
    life_by_email: timedelta = timedelta(hours=24)
    tries: int = 5
    wrong_in_a_row: int = 30
    resend_waits: tuple[timedelta, ...] = (
        timedelta(seconds=30),
        timedelta(seconds=60),
        timedelta(seconds=120),
        timedelta(seconds=300),
    )
    budget: Windows = _BUDGET

    def __post_init__(self) -> None:
        if not 0 < self.wrong_in_a_row <= _HIGHEST_WRONG_IN_A_ROW:
            raise ValueError("LIM-08: wrong codes in a row must be limited to 100 or fewer")

    def expires_at(
        self, *, purpose: CodePurpose, channel: Channel, created_at: datetime, handed_over_at: datetime | None
    ) -> datetime:
        """Return the first moment at which the code is dead.

        An activation or recovery code keeps its ten minutes whenever it was handed over, by e-mail a day (LIM-21);
        any other has five minutes from hand-over. A carrier's clock that is ahead or behind neither lengthens nor
        shortens that past reason.
        """
        if channel == "email":
            return created_at + self.life_by_email
        latest = created_at + self.life_from_creation
        if handed_over_at is None or purpose in ("activation", "recovery"):
            return latest
        return min(max(handed_over_at, created_at) + self.life_from_hand_over, latest)

    def next_sending_at(self, *, sendings: int, last_sent_at: datetime | None) -> datetime | None:
        """Return before when no further code goes out; `None` if none was sent yet."""
        if sendings == 0 or last_sent_at is None:
            return None
        return last_sent_at + self.resend_waits[min(sendings, len(self.resend_waits)) - 1]

    def format_code(self, number: int) -> str:
        """Return `number` with its leading zeros kept (OTC-01)."""
        return f"{number:0{self.digits}d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBinding:
    """What a code is good for: this challenge, account, purpose, version of the target, and device key if any."""

    challenge_id: str
    account_id: str
    purpose: CodePurpose
    target_version: int
    device_thumbprint: str | None = None

    def mac(self, key: bytes, code: str) -> str:
        """Return what is stored in place of the code."""
        parts = (self.challenge_id, self.account_id, self.purpose, str(self.target_version))
        bound = "|".join((*parts, self.device_thumbprint or "", code))
        return hmac.new(key, bound.encode("utf-8", "surrogatepass"), sha256).hexdigest()
