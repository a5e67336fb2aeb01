"""One message to one person over one channel: requested, claimed, accepted, then delivered, failed or unknown.

The promise: a fact (source event, kind, channel) has one message, and the carrier is handed that message once. Where
nobody can know whether it was (`unknown`), a secret is never sent again, and an SMS only after the carrier said that
it does not have it. Source: ADR-0007.
"""

import uuid
from typing import Final

from ansinh_kit.decider import Decider

from notifications.domain import attempts, carrier_reports
from notifications.domain.commands import MessageCommand, RequestMessage, RequestSecretMessage
from notifications.domain.content import Channel, MessageKind
from notifications.domain.errors import MessageNotFoundError
from notifications.domain.events import MessageEvent, MessageRequested, SecretMessageRequested
from notifications.domain.state import Message, evolve

_FACTS: Final = uuid.UUID("0d4e2f0c-7a0c-4f0e-8f0d-3a5f6f3f9d61")


def message_id_of(source_event_id: str, kind: MessageKind, channel: Channel, place: str = "") -> str:
    """Return the id of the one message that tells this fact over this channel: always the same for the same fact.

    Args:
        place: Names the target where a fact is told at several of one channel.
    """
    told = f"{source_event_id}/{kind}/{channel}"
    return uuid.uuid5(_FACTS, f"{told}/{place}" if place else told).hex


def stream_of(message_id: str) -> str:
    return f"message-{message_id}"


def decide(command: MessageCommand, state: Message | None) -> list[MessageEvent]:
    """Return what follows from the command; nothing if it is a repetition or comes too late to matter.

    Raises:
        MessageNotFoundError: Nobody requested the message.
        RefusedError: It must not be sent now, or not at all.
    """
    if isinstance(command, RequestMessage | RequestSecretMessage):
        return [] if state is not None else [_requested(command)]
    if state is None:
        raise MessageNotFoundError
    if isinstance(command, attempts.AttemptCommand):
        return attempts.decide(command, state)
    return carrier_reports.decide(command, state)


def _requested(command: RequestMessage | RequestSecretMessage) -> MessageRequested | SecretMessageRequested:
    if isinstance(command, RequestSecretMessage):
        return SecretMessageRequested(
            message_id=command.message_id,
            occurred_at=command.now,
            challenge_id=command.challenge_id,
            kind=command.kind,
            channel=command.channel,
            language=command.language,
            template_version=command.template_version,
            expires_at=command.expires_at,
            masked_target=command.masked_target,
        )
    return MessageRequested(
        message_id=command.message_id,
        occurred_at=command.now,
        person_id=command.person_id,
        source_event_id=command.source_event_id,
        kind=command.notice.kind,
        channel=command.channel,
        language=command.language,
        template_version=command.template_version,
        expires_at=command.expires_at,
        target=command.target,
        recipient_name=command.recipient_name,
        notice=command.notice,
    )


message_decider: Final[Decider[MessageCommand, Message | None, MessageEvent]] = Decider(None, decide, evolve)
