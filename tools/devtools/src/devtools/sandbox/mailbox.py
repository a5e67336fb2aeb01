"""What the sandbox has received, newest last, and waiting for more."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Channel = Literal["sms", "email"]
# Enough for a long test run; the oldest go first, so a forgotten sandbox does not fill the memory.
KEPT_MESSAGES = 20_000


@dataclass(frozen=True, kw_only=True)
class Received:
    """One message as a phone or a mail program would show it. `number` grows by one with each message."""

    number: int
    channel: Channel
    sender: str
    to: str
    text: str
    provider_id: str
    subject: str = ""
    html: str = ""
    attachments: tuple[str, ...] = ()
    received_at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which messages are asked for; an empty field asks for all."""

    to: str = ""
    channel: str = ""
    after: int = 0

    def takes(self, message: Received) -> bool:
        return message.number > self.after and self.to in {"", message.to} and self.channel in {"", message.channel}


class Mailbox:
    def __init__(self) -> None:
        self._messages: deque[Received] = deque(maxlen=KEPT_MESSAGES)
        self._count = 0
        self._arrived = asyncio.Condition()

    @property
    def last_number(self) -> int:
        return self._count

    async def add(
        self,
        *,
        channel: Channel,
        sender: str,
        to: str,
        text: str,
        provider_id: str,
        subject: str = "",
        html: str = "",
        attachments: tuple[str, ...] = (),
    ) -> Received:
        """Keep a message and wake everyone who waits for one."""
        async with self._arrived:
            self._count += 1
            message = Received(
                number=self._count,
                channel=channel,
                sender=sender,
                to=to,
                text=text,
                provider_id=provider_id,
                subject=subject,
                html=html,
                attachments=attachments,
            )
            self._messages.append(message)
            self._arrived.notify_all()
        return message

    def find(self, wanted: Filter) -> list[Received]:
        return [message for message in self._messages if wanted.takes(message)]

    def find_by_provider_id(self, provider_id: str) -> Received | None:
        return next((message for message in self._messages if message.provider_id == provider_id), None)

    async def wait_for(self, wanted: Filter, *, seconds: float) -> list[Received]:
        """Return what matches, waiting for the first match; empty when the time is over."""
        try:
            async with asyncio.timeout(seconds), self._arrived:
                await self._arrived.wait_for(lambda: bool(self.find(wanted)))
        except TimeoutError:
            return []
        return self.find(wanted)

    def clear(self) -> None:
        """Forget all messages. Numbers go on growing, so an `after` taken earlier stays right."""
        self._messages.clear()
