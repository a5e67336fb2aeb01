"""One read model among those that follow the log together."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from prometheus_client import Counter

from ansinh_kit.backoff import Backoff
from ansinh_kit.cancellation import end_tasks
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.store import EventPage
from ansinh_kit.events import RecordedEvent
from ansinh_kit.http.health import NotReadyError
from ansinh_kit.projections.generations import Generation
from ansinh_kit.projections.projector import Projector

_TRY_AGAIN: Final = Backoff(first_seconds=0.5, longest_seconds=30.0)

_failures = Counter("ansinh_projection_failures_total", "Times a read model could not take its events", ["projection"])

log = structlog.get_logger(__name__)


class FollowedView:
    """Goes with the others, or alone while it is far behind them or was broken: it never holds them up.

    Alone it catches up from its own checkpoint, and tries again for as long as that fails.
    """

    def __init__(self, projector: Projector) -> None:
        self.projector: Final = projector
        self._failed = 0
        self._catching_up: asyncio.Task[None] | None = None

    @property
    def alone(self) -> bool:
        return self._catching_up is not None and not self._catching_up.done()

    async def check(self) -> None:
        """Raise `NotReadyError` while events are in the log that it cannot take."""
        if self._failed:
            raise NotReadyError(f"{self.projector.name} could not take its events {self._failed} times")

    async def fold(self, page: EventPage, generation: Generation) -> bool:
        """Fold what it has not seen of the page; if that is impossible say so, and go on alone.

        Raises:
            UnavailableError: The database is down, for all.
        """
        try:
            await self.projector.fold(_unseen(page, generation), generation)
        except UnavailableError:
            raise
        except Exception:
            # Whatever it is, the others go on without it; the log says what happened and where.
            log.exception("projection_failed", projection=self.projector.name)
            self._count_failure()
            self.leave()
            return False
        return True

    def tell(self, page: EventPage, generation: Generation) -> None:
        """Show in the metrics that the page is folded."""
        self.projector.tell(len(_unseen(page, generation)), page.read_through)

    def leave(self) -> None:
        """Catch up alone from now on."""
        self._catching_up = asyncio.create_task(self._catch_up(), name=f"catching-up-{self.projector.name}")

    async def stop(self) -> None:
        if self._catching_up is not None:
            await end_tasks([self._catching_up])

    async def _catch_up(self) -> None:
        while True:
            await asyncio.sleep(_TRY_AGAIN.seconds_before(self._failed + 1))
            try:
                await self.projector.catch_up(await self.projector.generations.active_or_first())
            except Exception:
                log.exception("projection_failed_again", projection=self.projector.name)
                self._count_failure()
            else:
                self._failed = 0
                return

    def _count_failure(self) -> None:
        self._failed += 1
        _failures.labels(self.projector.name).inc()


def _unseen(page: EventPage, generation: Generation) -> Sequence[RecordedEvent]:
    if not page.events or page.events[0].position > generation.position:
        return page.events
    return [event for event in page.events if event.position > generation.position]
