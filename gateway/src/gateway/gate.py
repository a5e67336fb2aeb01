"""Decides, for each request anew, who is calling and whether this route is open to them."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from ansinh_contracts.auth import DeviceKind
from ansinh_contracts.session_check import EndedSession, ReplacedSession, ValidSession, hash_token
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.addresses import limit_key
from ansinh_kit.http.assertion import Caller

from gateway.cookie_guard import check_cookie_request
from gateway.credentials import Credential, find_credential, session_required
from gateway.endings import ended
from gateway.head import RequestHead
from gateway.rate_limits import TokenBuckets
from gateway.refusals import Refusal
from gateway.routing import Route
from gateway.session_check import SessionCheck

_VIETNAM = timezone(timedelta(hours=7))
_DEVICE_NAMES: Mapping[DeviceKind, tuple[str, str]] = {
    "phone": ("điện thoại", "a phone"),
    "tablet": ("máy tính bảng", "a tablet"),
    "desktop": ("máy tính", "a computer"),
    "unknown": ("thiết bị khác", "another device"),
}


class Gate:
    """Lets a request through as a caller, or refuses it; never lets anyone through on an old or missing answer.

    Args:
        guests: Counts requests without a valid session, by address (LIM-15).
        holders: Counts requests with a session, by token.
        origins: Pages whose requests with a session cookie may change something.
    """

    def __init__(
        self, sessions: SessionCheck, *, guests: TokenBuckets, holders: TokenBuckets, origins: frozenset[bytes]
    ) -> None:
        self._sessions = sessions
        self._guests = guests
        self._holders = holders
        self._origins = origins

    async def admit(self, route: Route, head: RequestHead, *, address: str, request_id: str) -> Caller:
        """Return who is calling.

        Raises:
            Refusal: 401 without a valid session, 403 if it is not one for this route, 429 above the limits,
                503 if auth did not say (SES-07).
        """
        if not route.needs_session:
            self._guests.take(limit_key(address))
            return Caller(kind="guest", request_id=request_id)
        try:
            session = await self._valid_session(find_credential(head), route, head)
        except Refusal as refusal:
            if refusal.code == "session_required":
                self._guests.take(limit_key(address))
            raise
        if session.kind not in route.callers:
            raise Refusal("caller_not_allowed")
        if session.kind == "integrator" and route.scope not in session.scopes:
            raise Refusal("scope_missing")
        return _caller(session, request_id)

    async def _valid_session(self, credential: Credential, route: Route, head: RequestHead) -> ValidSession:
        if credential.source == "cookie":
            check_cookie_request(
                route.method, credential.token, origin=head.origin, given=head.csrf_token, origins=self._origins
            )
        self._holders.take(hash_token(credential.token))
        return await valid_session(self._sessions, credential.token)


async def valid_session(sessions: SessionCheck, token: str) -> ValidSession:
    """Return the session if it is valid at some moment after this call began.

    Raises:
        Refusal: 401 if it is over, with the time and the kind of the new device if it was replaced (S-52);
            503 if auth did not say (SES-07).
    """
    try:
        verdict = await sessions.check(token)
    except UnavailableError as error:
        raise Refusal("session_check_unavailable", retry_after_seconds=error.retry_after_seconds) from error
    match verdict:
        case ValidSession():
            return verdict
        case ReplacedSession():
            raise _replaced(verdict)
        case EndedSession():
            raise ended(verdict) or session_required()


def _caller(session: ValidSession, request_id: str) -> Caller:
    return Caller(
        kind=session.kind,
        request_id=request_id,
        account_id=session.account_id,
        person_id=session.person_id,
        roles=session.roles,
        agency_code=session.agency_code,
        epoch=session.epoch,
        scopes=session.scopes,
    )


def _replaced(verdict: ReplacedSession) -> Refusal:
    """Say when and by what kind of device the session was replaced (S-52)."""
    vi, en = _DEVICE_NAMES[verdict.new_device_kind]
    return Refusal(
        "session_replaced",
        facts={
            "replaced_at": verdict.replaced_at.isoformat(),
            "new_device_kind": verdict.new_device_kind,
            "message": {
                "vi": f"Tài khoản đã được đăng nhập trên {vi} lúc {_local(verdict.replaced_at)}. "
                "Thiết bị này đã được đăng xuất.",
                "en": f"The account was logged in on {en} at {_local(verdict.replaced_at)} (Vietnam time). "
                "This device has been logged out.",
            },
        },
        headers=((b"www-authenticate", b"Bearer"),),
    )


def _local(moment: datetime) -> str:
    return moment.astimezone(_VIETNAM).strftime("%H:%M %d/%m/%Y")
