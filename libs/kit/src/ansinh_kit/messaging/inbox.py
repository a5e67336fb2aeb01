"""For handlers that are not event-sourced: what makes a second delivery, or an old one, do nothing.

An event-sourced handler needs neither: its command carries the event's id as commit id.
"""

from ansinh_kit.clock import Clock, SystemClock
from ansinh_kit.database import Database, DuplicateKeyError
from ansinh_kit.messaging.incoming import Handler, IncomingEvent
from ansinh_kit.mongo import translated


class Inbox:
    """Remembers which events this service has handled.

    The note is written after the work: a crash in between does the work again. So the work must bear that, as it
    must bear every second delivery; the inbox spares it the many, not the one.
    """

    def __init__(self, database: Database, *, clock: Clock | None = None) -> None:
        self._handled = database["inbox"]
        self._clock = clock or SystemClock()

    def once(self, handler: Handler) -> Handler:
        """Return a handler that leaves out events which `handler` has done before, in whatever order they come."""

        async def handle(incoming: IncomingEvent) -> None:
            with translated():
                done = await self._handled.find_one({"_id": incoming.event_id})
            if done is not None:
                return
            await handler(incoming)
            try:
                with translated():
                    await self._handled.insert_one({"_id": incoming.event_id, "handled_at": self._clock.now()})
            except DuplicateKeyError:
                return

        return handle


class VersionGuard:
    """Lets a stream only go forward, for handlers that write down the state an event carries.

    An event older than the newest handled one of its stream is acknowledged without work. A gap needs nothing: the
    newer event carries the whole state, and what it overtook is then older. Not for handlers that add up: use `Inbox`.
    """

    def __init__(self, database: Database, view: str) -> None:
        self._versions = database["stream_versions"]
        self._view = view

    def newest(self, handler: Handler) -> Handler:
        """Return a handler that leaves out events which came too late."""

        async def handle(incoming: IncomingEvent) -> None:
            key = f"{self._view}/{incoming.stream_id}"
            with translated():
                seen = await self._versions.find_one({"_id": key})
            if seen is not None and seen["version"] >= incoming.stream_version:
                return
            await handler(incoming)
            with translated():
                await self._versions.update_one(
                    {"_id": key}, {"$max": {"version": incoming.stream_version}}, upsert=True
                )

        return handle
