"""Why a session is over, told to the device that had it: locked, or a change the holder should know of (SES-12)."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Final

from ansinh_contracts.auth import SessionEnd
from ansinh_contracts.session_check import EndedSession

from gateway.refusals import Refusal

_VIETNAM: Final = timezone(timedelta(hours=7))
# Who logged out, or stayed away for too long, is told to log in and nothing else.
_WHY: Final[Mapping[SessionEnd, tuple[str, str]]] = {
    "locked": ("Tài khoản đã bị khóa", "The account was locked"),
    "password_changed": ("Mật khẩu đã được đổi", "The password was changed"),
    "contact_changed": ("Thông tin liên hệ đã được đổi", "A contact of the account was changed"),
    "suspended": ("Tài khoản cán bộ đã bị tạm ngừng", "The staff account was suspended"),
    "rights_changed": ("Quyền của tài khoản đã thay đổi", "The rights of the account were changed"),
    "ended_by_staff": ("Quản trị viên đã kết thúc phiên", "An administrator ended the session"),
}


def ended(verdict: EndedSession) -> Refusal | None:
    """Return the refusal that says why; `None` if there is nothing more to say than that it takes a log-in."""
    why = None if verdict.reason is None else _WHY.get(verdict.reason)
    if why is None or verdict.ended_at is None:
        return None
    vi, en = why
    return Refusal(
        "session_ended",
        facts={
            "reason": verdict.reason,
            "ended_at": verdict.ended_at.isoformat(),
            "message": {
                "vi": f"{vi} lúc {_local(verdict.ended_at)}. Thiết bị này đã được đăng xuất.",
                "en": f"{en} at {_local(verdict.ended_at)} (Vietnam time). This device has been logged out.",
            },
        },
        headers=((b"www-authenticate", b"Bearer"),),
    )


def _local(moment: datetime) -> str:
    return moment.astimezone(_VIETNAM).strftime("%H:%M %d/%m/%Y")
