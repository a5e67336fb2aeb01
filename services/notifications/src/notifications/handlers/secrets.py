"""Secrets: codes and activation links from auth's own queue. They are sent once, and never written down."""

from datetime import datetime
from typing import Final

import structlog
from ansinh_contracts.auth import SecretMessageV1
from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.messaging.errors import PermanentError, TransientError
from ansinh_kit.messaging.incoming import IncomingEvent

from notifications.domain.commands import EndLapsedLease, RequestSecretMessage
from notifications.domain.content import SecretKind
from notifications.domain.errors import MessageLeasedError, MessageNotDueError, MessageNotSendableError
from notifications.domain.masking import masked
from notifications.domain.message import message_decider, stream_of
from notifications.handlers.attempt import Attempts
from notifications.handlers.carriers import Carriers
from notifications.handlers.unfinished import Unfinished
from notifications.providers.port import Email, NotProcessed, SendOutcome, Sms
from notifications.templates.catalogue import CURRENT_VERSION
from notifications.templates.renderer import Renderer, TemplateKey

log = structlog.get_logger(__name__)

_KINDS: Final[dict[tuple[str, str], SecretKind]] = {
    ("activation", "sms"): "activation_code",
    ("take_over", "sms"): "take_over_code",
    ("password_change", "sms"): "password_change_code",
    ("forced_password_change", "sms"): "password_change_code",
    ("recovery", "sms"): "recovery_code",
    ("recovery", "email"): "recovery_code",
    ("device_binding", "sms"): "device_binding_code",
    ("contact_change", "sms"): "contact_change_code",
    ("contact_change", "email"): "contact_change_code",
    ("activation", "email"): "activation_link",
}
"""Codes by mail prove an address, or are one of the two proofs of a recovery: none lets anybody log in (OTC-08)."""


class SecretSender:
    """Handler of `auth.secret_message`. The secret stays on the stack: not in the log, an event, or an error."""

    def __init__(
        self,
        *,
        store: EventStore,
        clock: Clock,
        attempts: Attempts,
        carriers: Carriers,
        renderer: Renderer,
        unfinished: Unfinished,
    ) -> None:
        self._store = store
        self._clock = clock
        self._attempts = attempts
        self._carriers = carriers
        self._renderer = renderer
        self._unfinished = unfinished

    async def __call__(self, incoming: IncomingEvent) -> None:
        """Return when the secret is handed over, dead, or must not be sent (again).

        Raises:
            TransientError: Surely not handed over yet: call again while the secret lives.
            PermanentError: It can never be sent.
        """
        message = incoming.event
        if not isinstance(message, SecretMessageV1):
            raise PermanentError("unexpected_event")
        kind = _KINDS.get((message.purpose, message.channel))
        if kind is None:
            raise PermanentError("no_such_secret_on_this_channel")
        if message.target is None or message.secret is None:
            raise PermanentError("sealed_fields_missing")
        await self._request(incoming, message, kind, message.target)
        # A lost channel cancels this call; the hand-over is finished all the same, or its outcome would be unknown.
        await self._unfinished.finish(self._send_once(message, kind, message.target, message.secret))

    async def _request(self, incoming: IncomingEvent, message: SecretMessageV1, kind: SecretKind, target: str) -> None:
        command = RequestSecretMessage(
            message_id=message.message_id,
            challenge_id=message.challenge_id,
            kind=kind,
            channel=message.channel,
            language=message.language,
            masked_target=masked(target),
            template_version=CURRENT_VERSION[kind],
            expires_at=message.expires_at,
            now=self._clock.now(),
        )
        await handle(
            self._store,
            stream_of(message.message_id),
            command,
            message_decider,
            commit_id=f"{message.message_id}/request",
            metadata=Metadata(incoming.correlation_id, causation_id=incoming.causation_id),
        )

    async def _send_once(self, message: SecretMessageV1, kind: SecretKind, target: str, secret: str) -> None:
        try:
            claim = await self._attempts.claim(message.message_id)
        except MessageNotDueError as refusal:
            raise TransientError("not due") from refusal
        except MessageLeasedError as refusal:
            # Another process has it in hand, or had when it died: only the end of its lease can tell.
            raise TransientError("leased") from refusal
        except MessageNotSendableError:
            await self._end_lapsed_lease(message.message_id)
            return
        if claim is None:
            return
        outcome = await self._attempts.send(
            claim, lambda: self._hand_over(message, kind, target, secret, message.expires_at)
        )
        if isinstance(outcome, NotProcessed):
            raise TransientError(outcome.reason)

    async def _end_lapsed_lease(self, message_id: str) -> None:
        """A claim whose worker died is unknown from now on; in every other state this changes nothing."""
        now = self._clock.now()
        await self._attempts.write(message_id, EndLapsedLease(look_up_at=now, now=now))

    async def _hand_over(
        self, message: SecretMessageV1, kind: SecretKind, target: str, secret: str, expires_at: datetime
    ) -> SendOutcome:
        key = TemplateKey(kind, message.language, CURRENT_VERSION[kind])
        facts = {"secret": secret, "expires_at": expires_at}
        if message.channel == "sms":
            return await self._carriers.send_sms(Sms(message.message_id, target, self._renderer.sms(key, facts)))
        text = self._renderer.email(key, facts)
        return await self._carriers.send_email(
            Email(message.message_id, target, recipient_name=None, subject=text.subject, text=text.text, html=text.html)
        )
