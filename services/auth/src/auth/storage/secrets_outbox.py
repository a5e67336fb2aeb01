"""Codes and links on their way out: ciphertext in their challenge's own document until the broker has them.

A crash between making a code and sending it loses nothing, because there is no between: both are one write. What
is published twice is sent once, by its message id. Nothing here is ever an event or a log line (OTC-04, OTC-05).
"""

import asyncio
from datetime import datetime
from typing import Final, Protocol

import structlog
from ansinh_contracts.auth import SecretMessageV1
from ansinh_kit.clock import Clock
from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import Database, Document, translated

from auth.storage.challenge_documents import COLLECTION

log = structlog.get_logger(__name__)

_BATCH: Final = 64


class SecretCarrier(Protocol):
    """The kit's `SecretPublisher`: seals to the one service that sends secrets out, and hands them to the broker."""

    def seal(self, message: SecretMessageV1, *, message_id: str, correlation_id: str) -> bytes: ...

    async def publish_sealed(self, sealed: bytes, *, message_id: str, expires_at: datetime) -> None:
        """Return when the broker has confirmed.

        Raises:
            UnavailableError: It has not; it may be published again.
        """
        ...


class SecretsOutbox:
    """Once sealed, a secret cannot be read here any more: only notifications has the key."""

    def __init__(self, database: Database, *, carrier: SecretCarrier, clock: Clock) -> None:
        self._collection = database[COLLECTION]
        self._carrier = carrier
        self._clock = clock
        self._bell = asyncio.Event()

    def seal(self, message: SecretMessageV1) -> bytes:
        """Return the message as it is stored in its challenge and sent."""
        return self._carrier.seal(message, message_id=message.message_id, correlation_id=message.challenge_id)

    def ring(self) -> None:
        """Say that something was stored; without it the next round finds it a little later."""
        self._bell.set()

    async def run(self, *, every_seconds: float = 1.0) -> None:
        """Publish what is stored, for ever, the oldest first."""
        while True:
            self._bell.clear()
            try:
                await self.publish_stored()
            except UnavailableError as error:
                log.warning("secrets_wait", dependency=error.dependency)
            await self._next_round(every_seconds)

    async def publish_stored(self) -> int:
        """Publish everything that is stored now; return how many messages that were.

        Raises:
            UnavailableError: Some of it is still stored.
        """
        published = 0
        while documents := await self._oldest():
            for document in documents:
                published += await self._publish(document)
        return published

    async def _oldest(self) -> list[Document]:
        with translated():
            found = self._collection.find({"outgoing": {"$exists": True}}).sort([("outgoing.since", 1)])
            return await found.limit(_BATCH).to_list(None)

    async def _publish(self, document: Document) -> int:
        expires_at: datetime = document["expires_at"]
        alive = expires_at > self._clock.now()
        message_id: str = document["message_id"]
        if alive:
            sealed = bytes(document["outgoing"]["sealed"])
            await self._carrier.publish_sealed(sealed, message_id=message_id, expires_at=expires_at)
        with translated():
            await self._collection.update_one(
                {"_id": document["_id"], "message_id": message_id}, {"$unset": {"outgoing": ""}}
            )
        return int(alive)

    async def _next_round(self, every_seconds: float) -> None:
        try:
            async with asyncio.timeout(every_seconds):
                await self._bell.wait()
        except TimeoutError:
            return
