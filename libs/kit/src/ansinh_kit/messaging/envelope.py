"""The form an event has on the wire: JSON, its sealed fields as one JWE per recipient."""

import json
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from ansinh_kit.events import RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.messaging.sealing import SEALED_PART, FieldOpener, FieldSealer
from ansinh_kit.personal_data.sealing import SealError

LARGEST_ENVELOPE_BYTES: Final = 1024 * 1024

Identifier = Annotated[str, Field(min_length=1, max_length=200)]
# What MongoDB can store: a parked message is described by these.
Number = Annotated[int, Field(ge=0, lt=2**63)]

UnreadableReason = Literal[
    "too_large", "not_an_envelope", "unknown_event", "unknown_version", "wrong_schema", "unopenable_seal"
]


class UnreadableError(Exception):
    """The message is not what was agreed. Carries no part of it: a parked reason must hold no personal value."""

    def __init__(self, reason: UnreadableReason) -> None:
        super().__init__(reason)
        self.reason: UnreadableReason = reason


class Envelope(BaseModel):
    """One event on its way. `data` are the fields anyone may read, `sealed` the others by recipient."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Identifier
    version: Number
    event_id: Identifier
    stream_id: Identifier
    stream_version: Number
    position: Number
    occurred_at: AwareDatetime
    correlation_id: Identifier
    causation_id: Identifier | None = None
    data: dict[str, Any]
    sealed: dict[str, str] = {}

    def unsealed_ids(self) -> frozenset[str]:
        """Return the ids of whom and what the event is about, as far as anyone may read them."""
        ids = {value for name, value in self.data.items() if name.endswith("_id") and isinstance(value, str)}
        return frozenset(ids | {self.stream_id.rpartition("-")[2]})

    def without_sealed_fields(self) -> "Envelope":
        """Return the same event as an erased person's is told: nothing of it is for one recipient alone."""
        return self.model_copy(update={"sealed": {}})

    def to_bytes(self) -> bytes:
        return self.model_dump_json().encode()


def envelope_of(event: IntegrationEvent, recorded: RecordedEvent, sealer: FieldSealer) -> Envelope:
    """Return the envelope in which `event` tells the others of `recorded`."""
    data, sealed = split(event, event_id=recorded.event_id, sealer=sealer)
    # Built from values that the kit's own types vouch for; validation is the reader's part.
    return Envelope.model_construct(
        name=event.name,
        version=event.version,
        event_id=recorded.event_id,
        stream_id=recorded.stream_id,
        stream_version=recorded.version,
        position=recorded.position,
        occurred_at=recorded.recorded_at,
        correlation_id=recorded.metadata.correlation_id,
        causation_id=recorded.metadata.causation_id,
        data=data,
        sealed=sealed,
    )


def split(event: IntegrationEvent, *, event_id: str, sealer: FieldSealer) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields anyone may read, and one sealed value for each recipient of the others."""
    fields = event.model_dump(mode="json")
    for_recipient: dict[str, dict[str, Any]] = {}
    for name, recipients in _sealed_fields(type(event)).items():
        value = fields.pop(name)
        for recipient in recipients if value is not None else ():
            for_recipient.setdefault(recipient, {})[name] = value
    sealed = {
        recipient: sealer.seal(recipient, json.dumps(values).encode(), event_id=event_id, part=SEALED_PART)
        for recipient, values in for_recipient.items()
    }
    return fields, sealed


def read_envelope(body: bytes) -> Envelope:
    """Return the envelope; fields it does not know are ignored.

    Raises:
        UnreadableError: Too large, not JSON, or without what every envelope has.
    """
    if len(body) > LARGEST_ENVELOPE_BYTES:
        raise UnreadableError("too_large")
    try:
        return Envelope.model_validate_json(body)
    except ValidationError as error:
        # The cause would quote the body.
        raise UnreadableError("not_an_envelope") from error


def open_event(envelope: Envelope, event_type: type[IntegrationEvent], opener: FieldOpener) -> IntegrationEvent:
    """Return the event with the fields that are sealed for this service; the others' stay absent.

    A sealed field that stands in the clear is not read: only the seal says who wrote it for whom.

    Raises:
        UnreadableError: The seal does not open, or the fields are not those of `event_type`.
    """
    sealed_fields = _sealed_fields(event_type)
    fields = {name: value for name, value in envelope.data.items() if name not in sealed_fields}
    sealed = envelope.sealed.get(opener.service)
    try:
        if sealed is not None:
            fields |= json.loads(opener.open(sealed, event_id=envelope.event_id, part=SEALED_PART))
        return event_type.model_validate(fields)
    except SealError as error:
        raise UnreadableError("unopenable_seal") from error
    except (ValueError, TypeError) as error:
        raise UnreadableError("wrong_schema") from error


@cache
def _sealed_fields(event_type: type[IntegrationEvent]) -> dict[str, tuple[str, ...]]:
    return event_type.sealed_fields()
