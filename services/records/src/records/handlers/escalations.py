"""Overdue disputes go to the provincial office, whoever forgot them (U-11)."""

from typing import Final

import structlog
from ansinh_kit.clock import Clock
from ansinh_kit.errors import ConcurrencyConflictError
from ansinh_kit.events import Metadata

from records.handlers.context import CommandContext, derived_id
from records.handlers.disputes import Disputes
from records.projections.read_model import ReadModel

_AT_A_TIME: Final = 100

log = structlog.get_logger(__name__)


class Escalations:
    """Looks for overdue disputes in the read model; the dispute itself decides, so a stale view does no harm."""

    def __init__(self, *, disputes: Disputes, overview: ReadModel, clock: Clock) -> None:
        self._disputes = disputes
        self._overview = overview
        self._clock = clock

    async def escalate_overdue(self) -> None:
        """Escalate what is overdue now, the longest overdue first; what is left over is next time's."""
        overdue = {"is_open": True, "escalated_to": None, "due_at": {"$lt": self._clock.now()}}
        found = await self._overview.find(overdue, sort=[("due_at", 1)], limit=_AT_A_TIME)
        for document in found:
            await self._escalate(document["dispute_id"])

    async def _escalate(self, dispute_id: str) -> None:
        # One commit id for one dispute: two processes that find it at once escalate it once.
        commit_id = derived_id(dispute_id, "escalation")
        context = CommandContext(commit_id, Metadata(correlation_id=commit_id, actor="service:records"))
        try:
            await self._disputes.escalate(dispute_id, context)
        except ConcurrencyConflictError:
            log.info("escalation_overtaken", dispute_id=dispute_id)  # it is found again, if it still is overdue
