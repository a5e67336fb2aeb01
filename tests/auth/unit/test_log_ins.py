"""The list of log-ins, folded from the access events of an account."""

from datetime import timedelta
from typing import Any

import pytest
from ansinh_contracts.auth import SessionEnd
from ansinh_kit.database import Document
from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent
from auth.domain.access_events import SessionRevoked
from auth.projections.log_ins import KEPT, LogIns
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.builders import ACCOUNT_ID, NOW, PERSON_ID, account_opened, activated, session_opened

LATER = NOW + timedelta(minutes=5)


def recorded(event: DomainEvent) -> RecordedEvent:
    return RecordedEvent(event, "event-1", "stream", 1, 1, NOW, "commit", Metadata("story"))


def after(*events: DomainEvent) -> Document | None:
    view, document = LogIns(), None
    for event in events:
        for key in view.keys(recorded(event)):
            document = view.fold(key, document, recorded(event))
    return document


def log_ins(*events: DomainEvent) -> list[dict[str, Any]]:
    document = after(*events)
    assert document is not None
    return list(document["log_ins"])


def revoked(session_epoch: int, reason: SessionEnd, **changes: object) -> SessionRevoked:
    facts = {
        "account_id": ACCOUNT_ID,
        "person_id": PERSON_ID,
        "epoch": session_epoch + 1,
        "occurred_at": LATER,
        "session_epoch": session_epoch,
        "reason": reason,
    }
    return SessionRevoked.model_validate(facts | changes)


def test_an_account_nobody_entered_has_no_list() -> None:
    assert after(account_opened(), activated()) is None


@pytest.mark.sec("SEC-41")
def test_a_log_in_tells_when_on_what_and_what_was_refused_before() -> None:
    (shown,) = log_ins(session_opened(2, device_kind="tablet", refused_before=3))
    assert (shown["at"], shown["device_kind"], shown["refused_before"]) == (NOW, "tablet", 3)
    assert shown["ended"] is None


def test_the_end_is_that_of_its_own_session() -> None:
    replaced = revoked(2, "replaced", new_device_kind="tablet")
    newest, first = log_ins(session_opened(2), replaced, session_opened(3, LATER))
    assert (first["ended"], first["ended_at"], first["replaced_by"]) == ("replaced", LATER, "tablet")
    assert newest["ended"] is None


def test_when_an_expired_session_ended_nobody_saw() -> None:
    (shown,) = log_ins(session_opened(2), revoked(2, "expired"))
    assert (shown["ended"], shown["ended_at"]) == ("expired", None)


@given(st.integers(1, 2 * KEPT))
def test_the_list_is_bounded_and_newest_first(count: int) -> None:
    shown = log_ins(*(session_opened(epoch) for epoch in range(1, count + 1)))
    assert [one["epoch"] for one in shown] == list(range(count, 0, -1))[:KEPT]


@pytest.mark.sec("PII-05")
def test_the_contact_in_an_event_does_not_enter_the_list() -> None:
    told = revoked(2, "replaced", full_name="Nguyễn Thị Hoa", phone="+84912345678")
    assert "912345678" not in repr(after(session_opened(2), told))
