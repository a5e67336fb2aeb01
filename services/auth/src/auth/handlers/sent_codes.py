"""What is told of a code that went out, and why none did."""

from dataclasses import dataclass
from datetime import datetime

from ansinh_contracts.auth import CodePurpose
from ansinh_contracts.notifications import Channel
from ansinh_kit.errors import RefusedError
from ansinh_kit.throttling.port import TooManyAttemptsError

from auth.storage.deliveries import DeliveryState


class SmsHeldBackError(TooManyAttemptsError):
    """So many SMS went out, in all or to numbers like this one, that none leaves now; until when is known (U-04)."""

    code = "sms_held_back"


class CodeSentMeanwhileError(RefusedError):
    """Two asked for a code of one challenge at the same time; the other one's code is on its way."""

    code = "code_sent_meanwhile"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCode:
    """What the code screen shows: where it went, how long it counts, when another may be asked for (S-22)."""

    challenge_id: str
    masked_target: str
    expires_at: datetime
    next_sending_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCode:
    """The code screen's delivery state and timers (U-02). Masked target and delivery are absent where they would tell.

    `now` is the server's clock, so that a client whose clock is wrong counts down rightly.
    """

    challenge_id: str
    purpose: CodePurpose
    channel: Channel
    masked_target: str | None
    delivery: DeliveryState | None
    held_back_until: datetime | None
    expires_at: datetime
    next_sending_at: datetime
    now: datetime
