"""The holder's own log-ins: a stranger's shows here."""

from datetime import datetime

from ansinh_contracts.auth import DeviceKind, SessionEnd
from fastapi import APIRouter
from pydantic import BaseModel

from auth.api.sessions import CitizenSession
from auth.domain.access.state import EntryWay
from auth.handlers.log_ins import ShowLogIns


class LogInShown(BaseModel):
    """`present` is the session that asks. A session that expired by itself has no `ended_at`."""

    at: datetime
    device_kind: DeviceKind
    entered_by: EntryWay
    refused_before: int
    present: bool
    ended: SessionEnd | None
    ended_at: datetime | None
    replaced_by: DeviceKind | None


class LogInsShown(BaseModel):
    """`refused_since`: wrong passwords typed on unbound devices since the last right one that was."""

    log_ins: list[LogInShown]
    refused_since: int


def log_in_list_routes(show: ShowLogIns) -> APIRouter:
    routes = APIRouter(prefix="/v1/me", tags=["me"])

    @routes.get("/log-ins")
    async def show_log_ins(session: CitizenSession) -> LogInsShown:
        own = await show(session.account_id)
        shown = [LogInShown(**{**one, "present": one["epoch"] == session.epoch}) for one in own.log_ins]
        return LogInsShown(log_ins=shown, refused_since=own.refused_since)

    return routes
