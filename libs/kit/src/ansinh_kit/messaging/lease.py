"""Where a relay stands and which process runs it: one document, every write of it fenced. Source: ADR-0003."""

import asyncio
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from ansinh_kit.clock import Clock
from ansinh_kit.database import Database, Document, DuplicateKeyError
from ansinh_kit.mongo import translated

_LEASE_SECONDS: Final = 10.0
# Clocks of two machines may differ: the holder stops this much earlier than others may begin.
_SAFETY_SECONDS: Final = 3.0


class LeaseLostError(Exception):
    """Another process runs the relay now, or was told to start it over: nothing was written."""


@dataclass(frozen=True, slots=True)
class RelayState:
    """Everything up to `position` is confirmed; `known` are the (consumer, event name) pairs that are bound."""

    position: int
    known: frozenset[tuple[str, str]]


class Lease:
    """The right to run one producer's relay, held by one process at a time, and the relay's checkpoint with it.

    Each taking of the lease has a higher token, and every write names its own: one who was asleep and thinks that he
    still holds it changes nothing. What he may have sent meanwhile was sent twice, which consumers bear.
    """

    def __init__(self, database: Database, producer: str, *, clock: Clock) -> None:
        self._documents = database["relays"]
        self._producer = producer
        self._clock = clock
        self._holder = uuid.uuid4().hex
        self._token = 0
        self._valid_until = 0.0

    @property
    def held(self) -> bool:
        """Tell whether no other process can have taken the lease yet."""
        return asyncio.get_running_loop().time() < self._valid_until

    async def try_take(self) -> RelayState | None:
        """Take the lease if it is free or has run out; `None` if another process holds it."""
        asked_at = asyncio.get_running_loop().time()
        now = self._clock.now()
        fields = {"holder": self._holder, "expires_at": now + timedelta(seconds=_LEASE_SECONDS)}
        with translated():
            document = await self._documents.find_one_and_update(
                {"_id": self._producer, "expires_at": {"$lte": now}},
                {"$set": fields, "$inc": {"token": 1}},
                return_document=True,
            )
        if document is None:
            document = await self._try_create(fields)
        if document is None:
            return None
        self._token = document["token"]
        self._valid_until = asked_at + _LEASE_SECONDS - _SAFETY_SECONDS
        return RelayState(document["position"], frozenset((entry[0], entry[1]) for entry in document["known"]))

    async def save_position(self, position: int) -> None:
        """Store the checkpoint and hold the lease for longer.

        Raises:
            LeaseLostError: It is another's.
        """
        asked_at = asyncio.get_running_loop().time()
        expires_at = self._clock.now() + timedelta(seconds=_LEASE_SECONDS)
        await self._write({"position": position, "expires_at": expires_at})
        self._valid_until = asked_at + _LEASE_SECONDS - _SAFETY_SECONDS

    async def save_known(self, known: Iterable[tuple[str, str]]) -> None:
        """Store which subscribers have had the whole log.

        Raises:
            LeaseLostError: It is another's.
        """
        await self._write({"known": [list(pair) for pair in sorted(known)]})

    async def give_back(self, position: int) -> None:
        """Store the checkpoint and let another process take over at once.

        Raises:
            LeaseLostError: It is another's.
        """
        self._valid_until = 0.0
        await self._write({"position": position, "expires_at": self._clock.now()})

    async def _write(self, fields: Document) -> None:
        with translated():
            result = await self._documents.update_one({"_id": self._producer, "token": self._token}, {"$set": fields})
        if result.matched_count == 0:
            self._valid_until = 0.0
            raise LeaseLostError(self._producer)

    async def _try_create(self, fields: Document) -> Document | None:
        document: Document = {"_id": self._producer, "token": 1, "position": 0, "known": [], **fields}
        try:
            with translated():
                await self._documents.insert_one(document)
        except DuplicateKeyError:
            return None
        return document


async def send_again(database: Database, producer: str, consumer: str) -> bool:
    """Make the producer's relay send `consumer` the whole log again: its queues were purged or reset.

    The relay that runs loses its lease by this and starts over within seconds. `False` if none ever ran, or if
    another command of this kind came first.
    """
    relays = database["relays"]
    with translated():
        document = await relays.find_one({"_id": producer})
        if document is None:
            return False
        known = [pair for pair in document["known"] if pair[0] != consumer]
        result = await relays.update_one(
            {"_id": producer, "token": document["token"]}, {"$set": {"known": known}, "$inc": {"token": 1}}
        )
    return result.matched_count > 0
