"""Does what is due, several messages side by side. Any number of processes may dispatch: claims decide."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog
from ansinh_kit.clock import Clock
from ansinh_kit.errors import UnavailableError

from notifications.domain.content import Priority
from notifications.handlers.unfinished import Unfinished
from notifications.projections.duties import Duty, DutyKind

_LIST_BEHIND: Final = timedelta(seconds=2)
"""For so long the list may still show what was just done; looking at it again would only cost time."""
_SLOWER: Final = 1.1

log = structlog.get_logger(__name__)


class DutyList(Protocol):
    async def due(self, now: datetime, priority: Priority, *, limit: int) -> Sequence[Duty]:
        """Return what is due of this priority, longest overdue first. It may be behind: a duty may be done already."""
        ...


class Dispatcher:
    """Looks for duties every `poll_seconds`, less often after a while without, and does up to `capacity` at once.

    Bulk messages get what prompt ones leave over, and never more than half: a notice to a million people holds up no
    message somebody waits for by more than a moment. Codes do not come this way at all, they have their own queue.
    """

    def __init__(
        self,
        duties: DutyList,
        actions: Mapping[DutyKind, Callable[[str], Awaitable[None]]],
        clock: Clock,
        unfinished: Unfinished,
        *,
        capacity: int = 16,
        poll_seconds: float = 0.1,
        quiet_poll_seconds: float = 0.4,
    ) -> None:
        self._duties = duties
        self._actions = actions
        self._clock = clock
        self._unfinished = unfinished
        self._capacity = capacity
        self._poll_seconds = poll_seconds
        self._quiet_poll_seconds = quiet_poll_seconds
        self._under_way: dict[str, Priority] = {}
        self._settled: dict[str, datetime] = {}

    async def run(self) -> None:
        """Dispatch until cancelled; what is under way then goes on, see `Unfinished.drain`.

        Raises:
            UnavailableError: The list of duties cannot be read. Run it again.
        """
        pause = self._poll_seconds
        while True:
            busy = await self.start_due() or self._under_way
            pause = self._poll_seconds if busy else min(pause * _SLOWER, self._quiet_poll_seconds)
            await asyncio.sleep(pause)

    async def start_due(self) -> int:
        """Start what is due and return how much that is."""
        prompt = await self._start("prompt", self._capacity - len(self._under_way))
        bulk = sum(priority == "bulk" for priority in self._under_way.values())
        left_over = min(self._capacity - len(self._under_way), max(1, self._capacity // 2) - bulk)
        return prompt + await self._start("bulk", left_over)

    async def _start(self, priority: Priority, free: int) -> int:
        if free <= 0:
            return 0
        now = self._clock.now()
        self._settled = {key: at for key, at in self._settled.items() if now - at < _LIST_BEHIND}
        known = self._under_way.keys() | self._settled.keys()
        due = await self._duties.due(now, priority, limit=free + len(known))
        new = [duty for duty in due if duty.message_id not in known][:free]
        for duty in new:
            self._under_way[duty.message_id] = priority
            self._unfinished.start(self._do(duty))
        return len(new)

    async def _do(self, duty: Duty) -> None:
        try:
            await self._actions[duty.kind](duty.message_id)
        except UnavailableError as error:
            log.warning("duty_interrupted", message_id=duty.message_id, dependency=error.dependency)
        except Exception:
            # One message's fault must not end the loop; the message itself becomes due again.
            log.exception("duty_failed", message_id=duty.message_id)
        finally:
            self._under_way.pop(duty.message_id, None)
            self._settled[duty.message_id] = self._clock.now()
