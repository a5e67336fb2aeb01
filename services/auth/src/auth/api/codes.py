"""What a client is told of a code that is on its way."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel

from auth.handlers.sent_codes import SentCode

PhoneSlot = Literal["phone", "second_phone"]


ChosenPhone = Annotated[
    PhoneSlot | None,
    Query(alias="via", description="the confirmed phone the code is to go to; left out: where the one before went"),
]


class CodeSent(BaseModel):
    masked_phone: str
    expires_at: datetime
    next_sending_at: datetime

    @classmethod
    def of(cls, sent: SentCode) -> "CodeSent":
        return cls(masked_phone=sent.masked_target, expires_at=sent.expires_at, next_sending_at=sent.next_sending_at)
