"""The log-ins of one account, newest first: when, on what, how the session ended, what was refused before."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from auth.domain.access_events import SessionOpened, SessionRevoked

KEPT: Final = 50


class LogIns:
    """`{account_id, log_ins: [{epoch, at, device_kind, entered_by, refused_before, ended, ended_at, replaced_by}]}`.

    A session that expired has no `ended_at`: it was noticed later. Nothing in it is personal but whose it is.
    """

    name = "log_ins"
    version = 1
    indexes: Sequence[ViewIndex] = ()
    personal_fields: frozenset[str] = frozenset()

    def subject_of(self, document: Document) -> str:
        raise AssertionError(f"a list of log-ins holds nothing personal: {sorted(document)}")

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        fact = event.event
        return [fact.account_id] if isinstance(fact, SessionOpened | SessionRevoked) else []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        log_ins: list[dict[str, Any]] = [] if document is None else document["log_ins"]
        match event.event:
            case SessionOpened() as opened:
                return {"account_id": key, "log_ins": [_opened(opened), *log_ins][:KEPT]}
            case SessionRevoked() as revoked:
                return {"account_id": key, "log_ins": [_ended(one, revoked) for one in log_ins]}
            case _:
                return document


def _opened(event: SessionOpened) -> dict[str, Any]:
    return {
        "epoch": event.epoch,
        "at": event.occurred_at,
        "device_kind": event.device_kind,
        "entered_by": event.entered_by,
        "refused_before": event.refused_before,
        "ended": None,
        "ended_at": None,
        "replaced_by": None,
    }


def _ended(log_in: dict[str, Any], event: SessionRevoked) -> dict[str, Any]:
    if log_in["epoch"] != event.session_epoch:
        return log_in
    return log_in | {
        "ended": event.reason,
        "ended_at": None if event.reason == "expired" else event.occurred_at,
        "replaced_by": event.new_device_kind,
    }
