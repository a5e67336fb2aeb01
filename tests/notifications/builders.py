"""Dull messages and commands; a test names only what it is about."""

from datetime import UTC, datetime, timedelta

from notifications.domain.commands import (
    CarrierStatus,
    ClaimMessage,
    RecordAcceptance,
    RecordCallBack,
    RequestMessage,
    RequestSecretMessage,
)
from notifications.domain.content import AccountOpened, Channel, Language, Notice, SecretKind
from notifications.domain.events import (
    MessageAccepted,
    MessageClaimed,
    MessageOutcomeUnknown,
    MessagePostponed,
    MessageRequested,
    SecretMessageRequested,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MESSAGE = "5f0c9d0e5ad74d8ab4b4a6d1f8a2c301"
CHALLENGE = "c0ffee00c0ffee00c0ffee00c0ffee00"
PHONE = "+84900000018"
EMAIL = "mau@example.vn"


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def request(
    *,
    channel: Channel = "sms",
    notice: Notice | None = None,
    language: Language = "vi",
    message_id: str = MESSAGE,
    target: str | None = None,
    expires_in_seconds: float = 259_200,
) -> RequestMessage:
    return RequestMessage(
        message_id=message_id,
        person_id="person-1",
        source_event_id="event-1",
        channel=channel,
        language=language,
        target=target or (PHONE if channel == "sms" else EMAIL),
        recipient_name="Nguyễn Văn Mẫu",
        notice=notice or AccountOpened(dossier_number="00018/2026/06601"),
        template_version=1,
        expires_at=at(expires_in_seconds),
        now=NOW,
    )


def request_secret(*, channel: Channel = "sms", kind: SecretKind = "activation_code") -> RequestSecretMessage:
    return RequestSecretMessage(
        message_id=MESSAGE,
        challenge_id=CHALLENGE,
        kind=kind,
        channel=channel,
        language="vi",
        masked_target="090 *** **18",
        template_version=1,
        expires_at=at(600),
        now=NOW,
    )


def requested(channel: Channel = "sms") -> MessageRequested:
    command = request(channel=channel)
    return MessageRequested(
        message_id=command.message_id,
        occurred_at=NOW,
        person_id=command.person_id,
        source_event_id=command.source_event_id,
        kind=command.notice.kind,
        channel=channel,
        language=command.language,
        template_version=1,
        expires_at=command.expires_at,
        target=command.target,
        recipient_name=command.recipient_name,
        notice=command.notice,
    )


def secret_requested() -> SecretMessageRequested:
    command = request_secret()
    return SecretMessageRequested(
        message_id=command.message_id,
        occurred_at=NOW,
        challenge_id=CHALLENGE,
        kind=command.kind,
        channel="sms",
        language="vi",
        template_version=1,
        expires_at=command.expires_at,
        masked_target=command.masked_target,
    )


def claim(at_seconds: float = 1, *, worker: str = "worker-1") -> ClaimMessage:
    return ClaimMessage(worker=worker, leased_until=at(at_seconds + 60), now=at(at_seconds))


def claimed(attempt: int = 1, *, at_seconds: float = 1) -> MessageClaimed:
    return MessageClaimed(
        message_id=MESSAGE,
        occurred_at=at(at_seconds),
        attempt=attempt,
        worker="worker-1",
        leased_until=at(at_seconds + 60),
    )


def postponed(*, retry_at_seconds: float, attempt: int = 1) -> MessagePostponed:
    return MessagePostponed(
        message_id=MESSAGE,
        occurred_at=at(2),
        attempt=attempt,
        reason="http_429",
        retry_at=at(retry_at_seconds),
    )


def unknown(*, look_up_at_seconds: float | None = 120, channel: Channel = "sms") -> MessageOutcomeUnknown:
    return MessageOutcomeUnknown(
        message_id=MESSAGE,
        occurred_at=at(2),
        kind="account_opened",
        channel=channel,
        challenge_id=None,
        attempt=1,
        reason="timeout",
        look_up_at=None if look_up_at_seconds is None else at(look_up_at_seconds),
    )


def accepted(*, provider_message_id: str = "SM1", at_seconds: float = 2) -> MessageAccepted:
    return MessageAccepted(
        message_id=MESSAGE,
        occurred_at=at(at_seconds),
        kind="account_opened",
        channel="sms",
        challenge_id=None,
        attempt=1,
        provider="twilio",
        provider_message_id=provider_message_id,
    )


def accept(attempt: int = 1, *, at_seconds: float = 2) -> RecordAcceptance:
    return RecordAcceptance(attempt=attempt, provider="twilio", provider_message_id="SM1", now=at(at_seconds))


def call_back(status: CarrierStatus, *, provider_message_id: str = "SM1", at_seconds: float = 3) -> RecordCallBack:
    return RecordCallBack(
        provider="twilio",
        provider_message_id=provider_message_id,
        status=status,
        reason="30003",
        now=at(at_seconds),
    )
