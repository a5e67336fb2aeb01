"""One attempt at handing a message over: claim, look at the clock once more, send, write down what came of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

import structlog
from ansinh_kit.backoff import Backoff
from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.decider import Handled, handle
from ansinh_kit.errors import ConcurrencyConflictError, UnavailableError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata

from notifications.domain.commands import (
    ClaimMessage,
    MessageCommand,
    RecordAcceptance,
    RecordNotProcessed,
    RecordRejection,
    RecordUnknownOutcome,
)
from notifications.domain.events import MessageClaimed, MessageRequested, SecretMessageRequested
from notifications.domain.message import message_decider, stream_of
from notifications.domain.state import Message
from notifications.providers.port import Accepted, NotProcessed, Rejected, SendOutcome, Unknown

log = structlog.get_logger(__name__)

Send = Callable[[], Awaitable[SendOutcome]]
_TRIES_TO_WRITE: Final = 8
_WRITING: Final = Backoff(first_seconds=0.05, longest_seconds=2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptPolicy:
    """`lease` is how long a claim holds; a send is begun only while at least `send_time` of it is left.

    `retry` spaces the attempts of one message; `look_up_after` is how long a carrier may need to list what it took.
    """

    lease: timedelta
    send_time: timedelta
    look_up_after: timedelta
    retry: Backoff


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send once: held until `leased_until`, named by `attempt`."""

    message_id: str
    request: MessageRequested | SecretMessageRequested
    attempt: int
    leased_until: datetime


class Attempts:
    """Claims messages and records outcomes for one worker process."""

    def __init__(
        self, store: EventStore, clock: Clock, ids: IdGenerator, *, worker: str, policy: AttemptPolicy
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._worker = worker
        self._policy = policy

    async def claim(self, message_id: str) -> Claim | None:
        """Return the claim; `None` if the message has expired instead.

        Raises:
            MessageNotFoundError: Nobody requested the message.
            RefusedError: It must not be sent now, or not at all.
        """
        now = self._clock.now()
        command = ClaimMessage(worker=self._worker, leased_until=now + self._policy.lease, now=now)
        handled = await self.write(message_id, command)
        state, claimed = handled.state, handled.events[-1].event if handled.events else None
        if state is None or not isinstance(claimed, MessageClaimed):
            return None
        return Claim(message_id, state.request, claimed.attempt, claimed.leased_until)

    async def send(self, claim: Claim, send: Send) -> SendOutcome:
        """Send under the claim and record the outcome; return it."""
        # A process may have been paused since the claim: what is left of the lease must cover the whole send.
        in_time = self._clock.now() + self._policy.send_time <= claim.leased_until
        outcome = await send() if in_time else NotProcessed("lease_too_short")
        await self.write(claim.message_id, self._report(claim, outcome))
        log.info("message_attempted", message_id=claim.message_id, attempt=claim.attempt, outcome=_name(outcome))
        return outcome

    def look_up_at(self) -> datetime:
        return self._clock.now() + self._policy.look_up_after

    async def write(self, message_id: str, command: MessageCommand) -> Handled[Message | None]:
        """Decide and append, stubbornly: an outcome that is not written down becomes an unknown one."""
        commit_id = self._ids.new_id()
        for attempt in range(1, _TRIES_TO_WRITE + 1):
            await asyncio.sleep(_WRITING.seconds_before(attempt))
            try:
                return await handle(
                    self._store,
                    stream_of(message_id),
                    command,
                    message_decider,
                    commit_id=commit_id,
                    metadata=Metadata(correlation_id=message_id, actor=self._worker),
                )
            except (UnavailableError, ConcurrencyConflictError):
                log.warning("message_not_written", message_id=message_id, attempt=attempt)
        raise UnavailableError("event store")

    def _report(self, claim: Claim, outcome: SendOutcome) -> MessageCommand:
        now = self._clock.now()
        match outcome:
            case Accepted(provider, provider_message_id):
                return RecordAcceptance(
                    attempt=claim.attempt, provider=provider, provider_message_id=provider_message_id, now=now
                )
            case NotProcessed(reason, retry_after_seconds):
                wait_seconds = max(retry_after_seconds, self._policy.retry.seconds_before(claim.attempt + 1))
                return RecordNotProcessed(
                    attempt=claim.attempt, reason=reason, retry_at=now + timedelta(seconds=wait_seconds), now=now
                )
            case Rejected(reason):
                return RecordRejection(attempt=claim.attempt, reason=reason, now=now)
            case Unknown(reason):
                return RecordUnknownOutcome(attempt=claim.attempt, reason=reason, look_up_at=self.look_up_at(), now=now)
            case _:
                assert_never(outcome)


def _name(outcome: SendOutcome) -> str:
    return type(outcome).__name__
