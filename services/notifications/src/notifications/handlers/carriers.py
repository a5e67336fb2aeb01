"""The carriers of both channels, with the SMS budget in front of what costs money."""

from datetime import datetime
from typing import Protocol

from ansinh_contracts.notifications import SMS_BUDGET

from notifications.domain.events import MessageRequested
from notifications.handlers.parcels import ParcelMaker
from notifications.providers.port import Email, LookUp, NotProcessed, Provider, SendOutcome, Sms


class SmsBudget(Protocol):
    async def take(self, target: str) -> float | None:
        """Take one SMS from the budgets the target falls under; else return the seconds until there is one again."""
        ...


class Carriers:
    def __init__(self, *, sms: Provider[Sms], email: Provider[Email], budget: SmsBudget, parcels: ParcelMaker) -> None:
        self._sms = sms
        self._email = email
        self._budget = budget
        self._parcels = parcels

    async def send_notice(self, request: MessageRequested) -> SendOutcome:
        if request.channel == "sms":
            return await self.send_sms(self._parcels.sms(request))
        return await self.send_email(self._parcels.email(request))

    async def send_sms(self, sms: Sms) -> SendOutcome:
        """Send within the budget; over it, nothing was processed and the wait is an honest one (LIM-10)."""
        wait_seconds = await self._budget.take(sms.target)
        if wait_seconds is not None:
            return NotProcessed(SMS_BUDGET, wait_seconds)
        return await self._sms.send(sms)

    async def send_email(self, email: Email) -> SendOutcome:
        return await self._email.send(email)

    async def look_up(self, request: MessageRequested) -> LookUp:
        """Ask the channel's carriers whether they took this message since it was requested."""
        since: datetime = request.occurred_at
        if request.channel == "sms":
            return await self._sms.look_up(self._parcels.sms(request), since=since)
        return await self._email.look_up(self._parcels.email(request), since=since)
