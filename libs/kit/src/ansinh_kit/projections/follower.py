"""Keeps all read models of a process up to date with the log."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from ansinh_kit.database import Database
from ansinh_kit.event_store.store import EventPage, EventStore
from ansinh_kit.projections.followed_view import FollowedView
from ansinh_kit.projections.generations import Generation
from ansinh_kit.projections.live_builds import LiveBuilds
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.reading_ahead import PAGE_COMMITS, PagesAhead

_POLL_SECONDS: Final = 1.0
# What arrives within this time is one page: a page costs the same few questions and writes however little is on it.
_PAGE_SECONDS: Final = 0.05

Together = Sequence[tuple[FollowedView, Generation]]


class Follower:
    """Reads each page of the log once and folds it into every read model that it concerns.

    All checkpoints move with one write, also those of read models that had nothing to fold: whoever waits for a
    position waits for none of them in vain. A read model that is far behind, such as a new one, or that cannot take
    its events, goes alone until it has caught up. Any number of followers may run at once, as projectors may.
    """

    def __init__(self, *, store: EventStore, database: Database, projectors: Sequence[Projector]) -> None:
        self._store = store
        self.views: Final = tuple(FollowedView(projector) for projector in projectors)
        self._builds = LiveBuilds(database, [projector.generations for projector in projectors])
        self._pages = PagesAhead(store, 0)

    async def run(self) -> None:
        """Follow the log until cancelled.

        Raises:
            UnavailableError: The database is down. Run it again: it goes on from the checkpoints.
        """
        try:
            await self._builds.make_first_ones()
            while True:
                await self._follow()
        finally:
            await self._stop()

    async def _follow(self) -> None:
        clock = asyncio.get_running_loop()
        next_page = clock.time() + _PAGE_SECONDS
        together = self._together(await self._builds.find())
        # Without anybody to fold it for, no page is asked for: who goes alone comes back, or is tried again.
        if not together or await self._fold_page(together):
            await asyncio.sleep(next_page - clock.time())
        else:
            await self._store.wait_beyond(self._pages.position, timeout_seconds=_POLL_SECONDS)

    def _together(self, builds: Iterable[Generation | None]) -> Together:
        """Return those that take the next page; send away those that would have to be waited for."""
        here = [(view, build) for view, build in zip(self.views, builds, strict=True) if build and not view.alone]
        front = max((build.position for _, build in here), default=0)
        behind = [view for view, build in here if front - build.position > PAGE_COMMITS]
        for view in behind:
            view.leave()
        return [(view, build) for view, build in here if view not in behind]

    async def _fold_page(self, together: Together) -> bool:
        """Fold the next page that one of them has not seen; say whether there was one."""
        page = await self._page_after(min(build.position for _, build in together))
        if page is None:
            return False
        folded = await _fold_all(page, [each for each in together if each[1].position < page.read_through])
        # The checkpoints come after the documents: a crash in between folds the page again, which they notice.
        await self._builds.advance([build for _, build in folded], page.read_through)
        for view, build in folded:
            view.tell(page, build)
        return True

    async def _page_after(self, position: int) -> EventPage | None:
        if self._pages.position != position:
            # A rival was faster, or somebody came back or was rolled back and is a little behind.
            await self._pages.close()
            self._pages = PagesAhead(self._store, position)
        return await self._pages.next()

    async def _stop(self) -> None:
        await self._pages.close()
        for view in self.views:
            await view.stop()


async def _fold_all(page: EventPage, together: Together) -> Together:
    """Fold the page into each of them, and return those that could take it.

    Raises:
        UnavailableError: The database is down. None of them is at work any more.
    """
    outcomes = await asyncio.gather(*(view.fold(page, build) for view, build in together), return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return [each for each, taken in zip(together, outcomes, strict=True) if taken]
