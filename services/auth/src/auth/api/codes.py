"""What a client is told of a code that is on its way."""

from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel

from auth.api.fields import Body
from auth.handlers.sent_codes import SentCode

PhoneSlot = Literal["phone", "second_phone"]


class ChosenPhone(Body):
    """Which of the account's confirmed phones the code is to go to; left out: where the one before went (U-03)."""

    via: PhoneSlot | None = None


WHERE_IT_WENT: Final = ChosenPhone()


class CodeSent(BaseModel):
    masked_phone: str
    expires_at: datetime
    next_sending_at: datetime

    @classmethod
    def of(cls, sent: SentCode) -> "CodeSent":
        return cls(masked_phone=sent.masked_target, expires_at=sent.expires_at, next_sending_at=sent.next_sending_at)
