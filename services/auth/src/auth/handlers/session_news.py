"""Whose access has changed since: read from the log, so that any process of this service can answer (ADR-0015)."""

import asyncio
from collections.abc import Callable
from typing import Final

from ansinh_contracts.session_news import NewsAnswer
from ansinh_kit.event_store.commit_log import CommitLog, LogPage

from auth.domain.access.state import STREAM_PREFIX

# Changes made by this process ring the log's bell and are seen at once; those of another one by looking.
_LOOK_EVERY_SECONDS: Final = 0.1
_PAGE_COMMITS: Final = 500
# The end of the log may still have holes that writers are about to fill: whoever begins begins a little before it.
_LOOK_BACK: Final = 100


class SessionNews:
    """Answers as soon as there is something to say.

    Args:
        is_ending: Says that this process wants to end: nobody is kept waiting then.
    """

    def __init__(self, log: CommitLog, *, is_ending: Callable[[], bool]) -> None:
        self._log = log
        self._is_ending = is_ending

    async def after(self, position: int | None, *, wait_seconds: float) -> NewsAnswer:
        """Return the accounts whose access changed after `position`; none if nothing did while waiting.

        Raises:
            UnavailableError: The log cannot be read.
        """
        if position is None:
            return NewsAnswer(position=max(0, await self._log.last_position() - _LOOK_BACK))
        clock = asyncio.get_running_loop()
        deadline = clock.time() + wait_seconds
        while True:
            page = await self._log.read_after(position, limit=_PAGE_COMMITS)
            position = page.read_through
            accounts = _accounts(page)
            remaining = deadline - clock.time()
            if accounts or remaining <= 0 or self._is_ending():
                return NewsAnswer(position=position, account_ids=accounts)
            await self._log.wait_beyond(position, timeout_seconds=min(remaining, _LOOK_EVERY_SECONDS))


def _accounts(page: LogPage) -> tuple[str, ...]:
    changed = (commit.stream_id for commit in page.commits if commit.stream_id.startswith(STREAM_PREFIX))
    return tuple(dict.fromkeys(stream.removeprefix(STREAM_PREFIX) for stream in changed))
