"""The three duties a notice can call for: to be sent, to have a lapsed lease ended, to be looked up."""

from datetime import timedelta
from typing import assert_never

import jinja2
import structlog
from ansinh_kit.backoff import Backoff
from ansinh_kit.clock import Clock
from ansinh_kit.decider import load
from ansinh_kit.errors import RefusedError
from ansinh_kit.event_store.store import EventStore

from notifications.domain.commands import (
    EndLapsedLease,
    MessageCommand,
    PostponeLookUp,
    RecordAbsence,
    RecordAcceptance,
    RecordNoTrace,
)
from notifications.domain.events import MessageRequested
from notifications.domain.message import message_decider, stream_of
from notifications.domain.state import Message
from notifications.handlers.attempt import Attempts, Claim
from notifications.handlers.carriers import Carriers
from notifications.handlers.parcels import RecipientErasedError
from notifications.providers.port import Accepted, LookUp, NoAnswer, NotFound, NoTrace, Rejected, SendOutcome
from notifications.templates.renderer import TooLongForSmsError
from notifications.templates.sms_alphabet import NotGsmTextError

log = structlog.get_logger(__name__)


class NoticeDuties:
    """Each method does its duty if it is still due, and nothing otherwise: the list of duties may be behind."""

    def __init__(
        self, store: EventStore, clock: Clock, attempts: Attempts, carriers: Carriers, *, look_ups: Backoff
    ) -> None:
        self._store = store
        self._clock = clock
        self._attempts = attempts
        self._carriers = carriers
        self._look_ups = look_ups

    async def send(self, message_id: str) -> None:
        try:
            claim = await self._attempts.claim(message_id)
        except RefusedError as refusal:
            log.debug("message_not_claimed", message_id=message_id, code=refusal.code)
            return
        if claim is not None and isinstance(claim.request, MessageRequested):
            request = claim.request
            await self._attempts.send(claim, lambda: self._hand_over(claim, request))

    async def end_lease(self, message_id: str) -> None:
        command = EndLapsedLease(look_up_at=self._attempts.look_up_at(), now=self._clock.now())
        try:
            await self._attempts.write(message_id, command)
        except RefusedError as refusal:
            log.debug("lease_not_ended", message_id=message_id, code=refusal.code)

    async def look_up(self, message_id: str) -> None:
        loaded = await load(self._store, stream_of(message_id), message_decider)
        state = loaded.state
        if state is None or state.status != "unknown" or not isinstance(state.request, MessageRequested):
            return
        try:
            answer = await self._carriers.look_up(state.request)
        except RecipientErasedError:
            answer = NoTrace()
        await self._attempts.write(message_id, self._report(state, answer))
        log.info("message_looked_up", message_id=message_id, answer=type(answer).__name__)

    async def _hand_over(self, claim: Claim, request: MessageRequested) -> SendOutcome:
        try:
            return await self._carriers.send_notice(request)
        except RecipientErasedError:
            return Rejected("recipient_erased")
        except (jinja2.TemplateError, NotGsmTextError, TooLongForSmsError):
            # A mistake in a text: every later attempt would make it again.
            log.exception("text_unsendable", message_id=claim.message_id)
            return Rejected("text_unsendable")

    def _report(self, state: Message, answer: LookUp) -> MessageCommand:
        now = self._clock.now()
        match answer:
            case Accepted(provider, provider_message_id):
                return RecordAcceptance(
                    attempt=state.attempt, provider=provider, provider_message_id=provider_message_id, now=now
                )
            case NotFound():
                return RecordAbsence(attempt=state.attempt, retry_at=now, now=now)
            case NoTrace():
                return RecordNoTrace(attempt=state.attempt, retry_at=now, now=now)
            case NoAnswer():
                wait_seconds = self._look_ups.seconds_before(state.look_ups + 2)
                return PostponeLookUp(attempt=state.attempt, look_up_at=now + timedelta(seconds=wait_seconds), now=now)
            case _:
                assert_never(answer)
