"""Messages put aside for an operator, in the consumer's own database. Source: ADR-0003.

A parked event holds back the later ones of its stream: they are parked behind it, and one replay brings the whole
stream on, in order. Sealed fields stay sealed: what is stored is the body as it came.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from ansinh_kit.clock import Clock, SystemClock
from ansinh_kit.database import Database, Document, DuplicateKeyError
from ansinh_kit.messaging.envelope import Envelope, UnreadableError, read_envelope
from ansinh_kit.mongo import translated

# A document of MongoDB holds 16 MB. Nothing of ours comes near it; of what is larger only its size is kept.
LARGEST_KEPT_BYTES: Final = 12 * 1024 * 1024
BEHIND: Final = "behind_parked"


@dataclass(frozen=True, slots=True)
class ParkedMessage:
    """One message that was not handled, and why.

    `reason` is a stable word: `behind_parked`, `gave_up`, `refused`, `delivery_limit` or a reason for not being
    readable. `detail` names the error's code or class, never its text. `body` is the message as it came, or empty
    if that was too large to keep (`body_bytes` tells). The event's own facts are `None` if it could not be read.
    `has_sealed_fields` is `False` once it is known that the body holds none.
    """

    parked_id: str
    consumer: str
    queue: str
    reason: str
    detail: str | None
    attempts: int
    parked_at: datetime
    body: bytes
    body_bytes: int
    replayable: bool
    event_name: str | None = None
    event_version: int | None = None
    event_id: str | None = None
    stream_id: str | None = None
    stream_version: int | None = None
    correlation_id: str | None = None
    has_sealed_fields: bool = True


@dataclass(frozen=True, slots=True)
class ParkedFilter:
    """What to list; `None` matches everything."""

    reason: str | None = None
    event_name: str | None = None
    stream_id: str | None = None
    event_id: str | None = None
    consumer: str | None = None


class Parking:
    """The parked messages of one service's database."""

    def __init__(self, database: Database, *, clock: Clock | None = None) -> None:
        self._parked = database["parked_messages"]
        self._clock = clock or SystemClock()

    async def start(self) -> None:
        """Create the indexes; harmless when they are there."""
        with translated():
            await self._parked.create_index([("queue", 1), ("stream_id", 1), ("stream_version", 1)])
            await self._parked.create_index([("parked_at", 1)])
            await self._parked.create_index([("event_id", 1)])

    async def park(
        self,
        body: bytes,
        *,
        consumer: str,
        queue: str,
        reason: str,
        detail: str | None = None,
        attempts: int = 0,
        replayable: bool = True,
    ) -> ParkedMessage:
        """Store the message, durably; parked again it keeps its id and takes the new reason.

        Args:
            queue: Where a replay puts it.
            attempts: How often its handler was called.

        Raises:
            UnavailableError: It is not known whether it is stored.
        """
        message = self._describe(
            body,
            consumer=consumer,
            queue=queue,
            reason=reason,
            detail=detail,
            attempts=attempts,
            replayable=replayable,
        )
        document = _to_document(message)
        with translated():
            await self._parked.replace_one({"_id": message.parked_id}, document, upsert=True)
        return message

    async def park_behind(self, body: bytes, *, consumer: str, queue: str) -> ParkedMessage:
        """Store the message behind its stream's parked one; if it is parked itself already, that stays as it is."""
        message = self._describe(body, consumer=consumer, queue=queue, reason=BEHIND)
        with suppress(DuplicateKeyError), translated():
            await self._parked.insert_one(_to_document(message))
        return message

    async def find(self, parked_id: str) -> ParkedMessage | None:
        with translated():
            document = await self._parked.find_one({"_id": parked_id})
        return None if document is None else _to_message(document)

    async def find_first(self, queue: str, stream_id: str) -> ParkedMessage | None:
        """Return the parked message of the stream that must be handled first."""
        with translated():
            document = await self._parked.find_one(
                {"queue": queue, "stream_id": stream_id}, sort=[("stream_version", 1)]
            )
        return None if document is None else _to_message(document)

    async def remove(self, parked_id: str) -> None:
        """Forget the message: it was handled after all, or an operator gave it up."""
        with translated():
            await self._parked.delete_one({"_id": parked_id})

    async def blocked_streams(self, queue: str) -> set[str]:
        """Return the streams of this queue that have something parked."""
        with translated():
            return set(await self._parked.distinct("stream_id", {"queue": queue, "stream_id": {"$type": "string"}}))

    async def with_sealed_fields(self, *, after_id: str = "", limit: int) -> Sequence[ParkedMessage]:
        """Return parked messages whose bodies may hold sealed fields, by id, from the one after `after_id` on."""
        query = {"_id": {"$gt": after_id}, "has_sealed_fields": {"$ne": False}}
        with translated():
            documents = await self._parked.find(query).sort([("_id", 1)]).limit(limit).to_list()
        return [_to_message(document) for document in documents]

    async def list(self, matching: ParkedFilter | None = None, *, limit: int = 100) -> list[ParkedMessage]:
        """Return parked messages, those parked first first; bodies are left out."""
        query = {name: value for name, value in asdict(matching or ParkedFilter()).items() if value is not None}
        with translated():
            cursor = self._parked.find(query, {"body": 0}).sort([("parked_at", 1), ("_id", 1)]).limit(limit)
            return [_to_message(document) for document in await cursor.to_list()]

    async def replace_body(self, parked_id: str, body: bytes) -> None:
        """Keep this body, without sealed fields, in place of the one that came."""
        kept = {"body": body, "body_bytes": len(body), "has_sealed_fields": False}
        with translated():
            await self._parked.update_one({"_id": parked_id}, {"$set": kept})

    async def count(self) -> int:
        with translated():
            return await self._parked.count_documents({})

    def _describe(
        self,
        body: bytes,
        *,
        consumer: str,
        queue: str,
        reason: str,
        detail: str | None = None,
        attempts: int = 0,
        replayable: bool = True,
    ) -> ParkedMessage:
        envelope = _try_read(body)
        kept = len(body) <= LARGEST_KEPT_BYTES
        return ParkedMessage(
            parked_id=parked_id_of(queue, body if envelope is None else envelope.event_id.encode()),
            consumer=consumer,
            queue=queue,
            reason=reason,
            detail=detail,
            attempts=attempts,
            parked_at=self._clock.now(),
            body=body if kept else b"",
            body_bytes=len(body),
            replayable=replayable and kept,
            **({} if envelope is None else _facts(envelope)),
        )


def parked_id_of(queue: str, identity: bytes) -> str:
    """Return the id under which a message of this queue is parked: the same for every delivery of it."""
    return hashlib.sha256(queue.encode() + b"\0" + identity).hexdigest()[:32]


def _try_read(body: bytes) -> Envelope | None:
    try:
        return read_envelope(body)
    except UnreadableError:
        return None


def _facts(envelope: Envelope) -> dict[str, Any]:
    return {
        "event_name": envelope.name,
        "event_version": envelope.version,
        "event_id": envelope.event_id,
        "stream_id": envelope.stream_id,
        "stream_version": envelope.stream_version,
        "correlation_id": envelope.correlation_id,
        "has_sealed_fields": bool(envelope.sealed),
    }


def _to_document(message: ParkedMessage) -> Document:
    document = asdict(message)
    document["_id"] = document.pop("parked_id")
    return document


def _to_message(document: Mapping[str, Any]) -> ParkedMessage:
    fields = dict(document)
    return ParkedMessage(parked_id=fields.pop("_id"), body=fields.pop("body", b""), **fields)
