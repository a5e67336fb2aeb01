"""From the log to the broker: every event at least once, each stream in order, nothing skipped. Source: ADR-0003."""

import asyncio
from contextlib import suppress
from functools import partial
from itertools import groupby
from typing import Final

import structlog
from aio_pika.abc import AbstractChannel

from ansinh_kit.backoff import Backoff
from ansinh_kit.clock import Clock, SystemClock
from ansinh_kit.database import Database
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.store import EventPage, EventStore
from ansinh_kit.events import RecordedEvent
from ansinh_kit.messaging import topology
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.confirmed_prefix import ConfirmedPrefix
from ansinh_kit.messaging.lease import Lease, LeaseLostError, RelayState
from ansinh_kit.messaging.metrics import RELAY_LAG_SECONDS, RELAY_LEADING, RELAY_POSITION
from ansinh_kit.messaging.outbound import Outbound, ToContract
from ansinh_kit.messaging.publisher import ConfirmedPublisher
from ansinh_kit.messaging.sealing import FieldSealer
from ansinh_kit.messaging.stream_sender import StreamSender
from ansinh_kit.publication import Publication

_PAGE_COMMITS: Final = 200
_WAIT_FOR_COMMITS_SECONDS: Final = 1.0
_SAVE_AFTER_SECONDS: Final = 0.1
_RENEW_AFTER_SECONDS: Final = 2.0
_LOOK_FOR_LEASE_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)

Known = frozenset[tuple[str, str]]


class Relay:
    """Publishes a producer's log. Start as many as there are processes: one of them works, the others wait.

    While it cannot publish it tries again for ever and its lag grows; nothing is given up. A crash sends again what
    was sent after the last checkpoint, at most a tenth of a second's worth.
    """

    def __init__(
        self,
        *,
        store: EventStore,
        database: Database,
        broker: Broker,
        publication: Publication,
        to_contract: ToContract,
        sealer: FieldSealer,
        clock: Clock | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self._store = store
        self._broker = broker
        self._publication = publication
        self._clock = clock or SystemClock()
        self._backoff = backoff or Backoff()
        self._lease = Lease(database, publication.producer, clock=self._clock)
        self._outbound = Outbound(broker, publication, to_contract=to_contract, sealer=sealer)
        self._publisher = ConfirmedPublisher(broker, producer=publication.producer, prepare=self._prepare)
        self._wanted: Known = frozenset(
            (consumer, event.name) for consumer, events in publication.subscribers.items() for event in events
        )
        self._bound: Known = frozenset()
        self._stale: Known = frozenset()

    async def run(self) -> None:
        """Relay until cancelled.

        Raises:
            UnknownEventTypeError: The log holds an event without a class here: never skipped.
        """
        attempt = 1
        while True:
            await asyncio.sleep(self._backoff.seconds_before(attempt))
            attempt += 1
            try:
                state = await self._lease.try_take()
                attempt = 2
                if state is None:
                    await asyncio.sleep(_LOOK_FOR_LEASE_SECONDS)
                else:
                    await self._lead(state)
            except* (LeaseLostError, UnavailableError) as interruption:
                log.warning("relay_interrupted", error=repr(interruption.exceptions[0]))

    async def _lead(self, state: RelayState) -> None:
        prefix = ConfirmedPrefix(state.position)
        leading = RELAY_LEADING.labels(self._publication.producer)
        leading.set(1)
        log.info("relay_leading", position=state.position)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._save_progress(prefix))
                await self._introduce(state)
                await self._follow(prefix)
        finally:
            leading.set(0)
            await self._publisher.close()
            with suppress(LeaseLostError, UnavailableError):
                await self._lease.give_back(prefix.position)

    async def _introduce(self, state: RelayState) -> None:
        """Send new subscribers what the log held before they were named, and only then let live events flow to them.

        In this order an old event never comes after a newer one of its kind.
        """
        self._bound, self._stale = state.known & self._wanted, state.known - self._wanted
        missing = self._wanted - state.known
        if missing and state.position > 0:
            await self._send_history(missing, until=state.position)
        await self._publisher.close()
        self._bound = self._wanted
        await self._publisher.open()
        if state.known != self._wanted:
            await self._lease.save_known(self._wanted)

    async def _send_history(self, missing: Known, *, until: int) -> None:
        log.info("relay_sending_history", subscribers=sorted({consumer for consumer, _ in missing}), until=until)
        position = 0
        async with self._sender() as sender:
            while position < until:
                page = await self._store.read_after(position, limit=_PAGE_COMMITS)
                for recorded in page.events:
                    if recorded.position <= until:
                        await self._send_to(missing, recorded, sender)
                position = page.read_through

    async def _send_to(self, missing: Known, recorded: RecordedEvent, sender: StreamSender) -> None:
        parcel = self._outbound.pack(recorded)
        for consumer, name in missing:
            if parcel is not None and parcel.event_name == name:
                await sender.send(parcel.stream_id, self._outbound.to_one(parcel, consumer), _nothing_more)

    async def _follow(self, prefix: ConfirmedPrefix) -> None:
        """Publish what comes after the prefix, for ever."""
        async with self._sender() as sender:
            page = await self._next_page(prefix.position)
            while True:
                # The next page is on its way while this one is sent: the window must not run empty meanwhile.
                async with asyncio.TaskGroup() as tasks:
                    following = tasks.create_task(self._next_page(page.read_through))
                    await self._send_page(page, prefix, sender)
                page = following.result()

    async def _next_page(self, position: int) -> EventPage:
        """Return what stands after `position`, waiting until something does."""
        while True:
            page = await self._store.read_after(position, limit=_PAGE_COMMITS)
            if page.read_through > position:
                return page
            await self._store.wait_beyond(position, timeout_seconds=_WAIT_FOR_COMMITS_SECONDS)

    async def _send_page(self, page: EventPage, prefix: ConfirmedPrefix, sender: StreamSender) -> None:
        for position, events in groupby(page.events, key=lambda recorded: recorded.position):
            await self._send_commit(position, list(events), prefix, sender)
        # Positions without events, tombstones, are settled by having been read.
        prefix.begin(page.read_through, 0)

    async def _send_commit(
        self, position: int, events: list[RecordedEvent], prefix: ConfirmedPrefix, sender: StreamSender
    ) -> None:
        parcels = [parcel for parcel in map(self._outbound.pack, events) if parcel is not None]
        # All of a commit's messages at once: a checkpoint on its position says that none is missing.
        settling = prefix.begin(position, len(parcels), events[0].recorded_at)
        for parcel in parcels:
            await sender.send(parcel.stream_id, self._outbound.to_all(parcel), partial(prefix.confirm, settling))

    async def _save_progress(self, prefix: ConfirmedPrefix) -> None:
        while True:
            moved = await prefix.wait_moved(timeout_seconds=_RENEW_AFTER_SECONDS)
            await self._lease.save_position(prefix.position)
            RELAY_POSITION.labels(self._publication.producer).set(prefix.position)
            RELAY_LAG_SECONDS.labels(self._publication.producer).set(await self._lag_seconds(prefix))
            if moved:
                await asyncio.sleep(_SAVE_AFTER_SECONDS)

    async def _prepare(self, channel: AbstractChannel) -> None:
        await topology.declare_exchange(channel, self._broker, self._publication.producer)
        for consumer in self._publication.subscribers:
            await topology.declare_queues(channel, self._broker, self._publication, consumer)
        for consumer, name in sorted(self._bound):
            await topology.bind(channel, self._broker, self._publication, consumer, name)
        for consumer, name in sorted(self._stale):
            await topology.unbind(channel, self._broker, self._publication, consumer, name)

    def _sender(self) -> StreamSender:
        return StreamSender(self._publisher, self._lease, backoff=self._backoff)

    async def _lag_seconds(self, prefix: ConfirmedPrefix) -> float:
        recorded_at = prefix.oldest_waiting()
        if recorded_at is None:
            # Nothing is under way; yet the log may go on, and be waiting for the broker to be there at all.
            page = await self._store.read_after(prefix.position, limit=1)
            recorded_at = page.events[0].recorded_at if page.events else None
        return 0.0 if recorded_at is None else (self._clock.now() - recorded_at).total_seconds()


def _nothing_more() -> None:
    """History moves no checkpoint: it is sent as a whole or once more."""
