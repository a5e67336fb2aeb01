"""Dull defaults; a test shows only what it is about."""

from datetime import UTC, datetime, timedelta

from auth.domain.access.commands import OpenSession
from auth.domain.access.state import Access
from auth.domain.access_events import AccountActivated, SessionOpened
from auth.domain.account import AccountOpened, OpenAccount

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT_ID = "a" * 32
PERSON_ID = "b" * 32
PASSWORD = "con mèo ngủ trên mái nhà"
IDLE = timedelta(minutes=30)
WHOLE = timedelta(hours=24)


def open_account(**changes: object) -> OpenAccount:
    facts: dict[str, object] = {
        "account_id": ACCOUNT_ID,
        "person_id": PERSON_ID,
        "declaration_id": "d" * 32,
        "dossier_number": "06601-2026-000001",
        "language": "vi",
        "social_insurance_number": "0123456789",
        "identity_kind": "citizen_id",
        "identity_number": "066185000001",
        "full_name": "Nguyễn Thị Hoa",
        "phone": "+84912345678",
        "email": None,
        "agency_code": "06601",
        "found_valid_at": NOW,
        "now": NOW,
    }
    return OpenAccount.model_validate(facts | changes)


def account_opened(**changes: object) -> AccountOpened:
    return AccountOpened.model_validate(
        open_account().model_dump(exclude={"now"}) | {"opened_at": NOW} | changes,
    )


def access(**changes: object) -> Access:
    return Access.model_validate({"account_id": ACCOUNT_ID, "person_id": PERSON_ID} | changes)


def activated(epoch: int = 1) -> AccountActivated:
    return AccountActivated(
        account_id=ACCOUNT_ID, person_id=PERSON_ID, epoch=epoch, occurred_at=NOW, declaration_id="d" * 32
    )


def open_session(now: datetime = NOW, **changes: object) -> OpenSession:
    facts: dict[str, object] = {
        "now": now,
        "device_kind": "phone",
        "idle_until": now + IDLE,
        "absolute_until": now + WHOLE,
    }
    return OpenSession.model_validate(facts | changes)


def session_opened(epoch: int = 2, now: datetime = NOW, **changes: object) -> SessionOpened:
    facts: dict[str, object] = {
        "account_id": ACCOUNT_ID,
        "person_id": PERSON_ID,
        "epoch": epoch,
        "occurred_at": now,
        "device_kind": "phone",
        "idle_until": now + IDLE,
        "absolute_until": now + WHOLE,
    }
    return SessionOpened.model_validate(facts | changes)
