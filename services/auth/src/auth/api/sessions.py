"""Log-in, the present session, log-out; and the second factor's log-in of staff."""

from datetime import datetime
from typing import Annotated, Self

from ansinh_contracts.auth import DeviceKind
from ansinh_kit.http.assertion import Caller, UnauthenticatedError
from ansinh_kit.http.callers import AnyCaller, CitizenCaller
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.metadata import RequestMetadata
from fastapi import APIRouter, Depends
from pydantic import BaseModel, model_validator
from pydantic_core import PydanticCustomError

from auth.api.device_proofs import Proof
from auth.api.fields import Body, ChallengeId, DeviceBody, OneTimeCode, Password, StaffName, UserName
from auth.api.passkey_fields import AssertionBody
from auth.domain.access.state import EntryWay
from auth.handlers.devices import Device
from auth.handlers.log_in import LogIn, LogInAttempt
from auth.handlers.passkey_checks import PasskeyAnswer
from auth.handlers.sessions import OpenedSession, Sessions
from auth.handlers.staff import StaffLogIn, StaffLogInAttempt


class LogInBody(Body):
    user_name: UserName
    password: Password
    device: DeviceBody


class PasskeyBody(Body):
    """A passkey's answer to a challenge of `POST /v1/staff/passkey-challenges`."""

    challenge_id: ChallengeId
    credential: AssertionBody

    def answer(self) -> PasskeyAnswer:
        return PasskeyAnswer(self.challenge_id, self.credential.credential())


class StaffLogInBody(Body):
    """Beside the password one second factor: a time-based code, or a passkey."""

    user_name: StaffName
    password: Password
    totp: OneTimeCode | None = None
    passkey: PasskeyBody | None = None
    device: DeviceBody = DeviceBody(kind="desktop", name="Trình duyệt")

    @model_validator(mode="after")
    def has_one_second_factor(self) -> Self:
        """Refuse a body with no second factor, or two.

        Raises:
            PydanticCustomError: 422 for the client.
        """
        if (self.totp is None) == (self.passkey is None):
            raise PydanticCustomError("one_second_factor", "needs one of totp and passkey")
        return self


class SessionOpened(BaseModel):
    """`token` is shown here once. `first_log_in` tells the client to advise a change of password (S-11)."""

    token: str
    account_id: str
    person_id: str
    roles: tuple[str, ...]
    agency_code: str | None
    epoch: int
    idle_until: datetime
    absolute_until: datetime
    first_log_in: bool

    @classmethod
    def of(cls, opened: OpenedSession) -> "SessionOpened":
        return cls(
            token=opened.token,
            account_id=opened.entry.access.account_id,
            person_id=opened.entry.access.person_id,
            roles=opened.entry.roles,
            agency_code=opened.entry.agency_code,
            epoch=opened.epoch,
            idle_until=opened.idle_until,
            absolute_until=opened.absolute_until,
            first_log_in=opened.first_log_in,
        )


class SessionShown(BaseModel):
    """`device_thumbprint` names the bound device whose session it is; what it changes takes that device's proof."""

    epoch: int
    device_kind: DeviceKind
    device_name: str | None
    issued_at: datetime
    idle_until: datetime
    absolute_until: datetime
    entered_by: EntryWay
    device_thumbprint: str | None


class SessionCaller(BaseModel):
    account_id: str
    epoch: int


async def require_session(caller: AnyCaller) -> SessionCaller:
    """Return whose session it is: a citizen's or a member of staff's.

    Raises:
        UnauthenticatedError: The caller has no session.
    """
    return _session_of(caller)


def _session_of(caller: Caller) -> SessionCaller:
    if caller.kind not in ("citizen", "staff") or caller.account_id is None or caller.epoch is None:
        raise UnauthenticatedError("needs a session")
    return SessionCaller(account_id=caller.account_id, epoch=caller.epoch)


WithSession = Annotated[SessionCaller, Depends(require_session)]


async def require_citizen_session(caller: CitizenCaller) -> SessionCaller:
    """Return the citizen's session; a member of staff has none of this kind.

    Raises:
        UnauthenticatedError: The caller has no session.
        CallerNotAllowedError: The caller is not a citizen.
    """
    return _session_of(caller)


CitizenSession = Annotated[SessionCaller, Depends(require_citizen_session)]


def session_routes(*, log_in: LogIn, staff_log_in: StaffLogIn, sessions: Sessions) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["sessions"])

    @routes.post("/sessions", status_code=201)
    async def open_session(
        body: LogInBody, address: ClientAddress, metadata: RequestMetadata, proof: Proof
    ) -> SessionOpened:
        attempt = LogInAttempt(
            user_name=body.user_name,
            password=body.password.get_secret_value(),
            device=Device(body.device.kind, body.device.name),
            address=address,
            metadata=metadata,
            proof=proof,
        )
        return SessionOpened.of(await log_in(attempt))

    @routes.post("/staff/sessions", status_code=201)
    async def open_staff_session(
        body: StaffLogInBody, address: ClientAddress, metadata: RequestMetadata
    ) -> SessionOpened:
        attempt = StaffLogInAttempt(
            user_name=body.user_name,
            password=body.password.get_secret_value(),
            code=body.totp,
            passkey=None if body.passkey is None else body.passkey.answer(),
            device=Device(body.device.kind, body.device.name),
            address=address,
            metadata=metadata,
        )
        return SessionOpened.of(await staff_log_in(attempt))

    @routes.get("/sessions/current")
    async def show_session(caller: WithSession) -> SessionShown:
        present = await sessions.present(caller.account_id, caller.epoch)
        return SessionShown.model_validate(present, from_attributes=True)

    @routes.delete("/sessions/current", status_code=204)
    async def log_out(caller: WithSession, metadata: RequestMetadata) -> None:
        await sessions.log_out(caller.account_id, caller.epoch, metadata=metadata)

    return routes
