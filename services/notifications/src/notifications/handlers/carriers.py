"""The carriers of both channels, with the SMS budget in front of what costs money."""

from datetime import datetime
from typing import Protocol

from ansinh_contracts.notifications import SMS_BUDGET, SMS_BUDGET_OF_ALL

from notifications.domain.events import MessageRequested
from notifications.domain.sms_budget import UsedUp
from notifications.handlers.parcels import ParcelMaker
from notifications.providers.port import Email, LookUp, NotProcessed, Provider, SendOutcome, Sms


class SmsBudget(Protocol):
    async def take(self, target: str) -> UsedUp | None:
        """Take one SMS from the budgets the target falls under; else return which is used up, and for how long."""
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
        used_up = await self._budget.take(sms.target)
        if used_up is not None:
            return NotProcessed(SMS_BUDGET_OF_ALL if used_up.of_all else SMS_BUDGET, used_up.wait_seconds)
        return await self._sms.send(sms)

    async def send_email(self, email: Email) -> SendOutcome:
        return await self._email.send(email)

    async def look_up(self, request: MessageRequested) -> LookUp:
        """Ask the channel's carriers whether they took this message since it was requested."""
        since: datetime = request.occurred_at
        if request.channel == "sms":
            return await self._sms.look_up(self._parcels.sms(request), since=since)
        return await self._email.look_up(self._parcels.email(request), since=since)
