"""The holder's own log-ins, and how many wrong passwords came from unbound devices since the last right one."""

from dataclasses import dataclass
from typing import Any

from ansinh_kit.projections.view import View

from auth.handlers.log_in_guard import LogInGuard


@dataclass(frozen=True, slots=True)
class OwnLogIns:
    """`log_ins` as in `projections.log_ins`, newest first."""

    log_ins: list[dict[str, Any]]
    refused_since: int


class ShowLogIns:
    """The list follows the log: the newest log-in may be missing for a moment."""

    def __init__(self, *, log_ins: View, guard: LogInGuard) -> None:
        self._log_ins = log_ins
        self._guard = guard

    async def __call__(self, account_id: str) -> OwnLogIns:
        document = await self._log_ins.get(account_id)
        refused = await self._guard.refused_since(account_id)
        return OwnLogIns([] if document is None else document["log_ins"], refused)
