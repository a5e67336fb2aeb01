"""A desk to administer staff from: members who are logged in, their requests, and what the views show."""

import secrets
from dataclasses import dataclass
from typing import Any

from ansinh_kit.http.assertion import Caller
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.projector import Projector
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import an_officer
from auth.domain.staff import StaffRole
from auth.projections import all_projections
from pyotp.totp import TOTP

from tests.auth.service import STAFF_PASSWORD, AuthService

REASON = "Theo quyết định điều động số 12"


@dataclass
class Person:
    """A member of staff with what they know; `token` is of the session they have now."""

    staff_id: str
    user_name: str
    totp_secret: str
    token: str
    caller: Caller


@dataclass
class StaffDesk:
    auth: AuthService

    async def enrol(self, user_name: str, role: StaffRole, agency_code: str = "066") -> Person:
        """Let somebody in as an operator would, and log them in."""
        enrolment = await self.auth.use_cases.staff.enrol(
            user_name=user_name, role=role, agency_code=agency_code, password=STAFF_PASSWORD, reason="người đầu tiên"
        )
        return await self.logged_in(user_name, enrolment.totp_secret)

    async def logged_in(self, user_name: str, totp_secret: str) -> Person:
        answer = await self.try_log_in(user_name, totp_secret)
        assert answer.status == 201, answer.body
        body = answer.json()
        caller = an_officer(account_id=body["account_id"], agency_code=body["agency_code"], roles=tuple(body["roles"]))
        return Person(body["account_id"], user_name, totp_secret, body["token"], caller)

    async def try_log_in(self, user_name: str, totp_secret: str, *, password: str = STAFF_PASSWORD) -> HttpAnswer:
        body = {
            "user_name": user_name,
            "password": password,
            "totp": TOTP(totp_secret).at(self.auth.clock.now()),
        }
        return await self.auth.post("/v1/staff/sessions", body)

    async def ask(
        self, by: Caller, path: str, body: dict[str, Any] | None = None, *, key: str | None = None
    ) -> HttpAnswer:
        return await self.auth.client.request(
            "POST",
            f"/v1/staff{path}",
            caller=by,
            json_body={"reason": REASON} | (body or {}),
            headers={"Idempotency-Key": key or secrets.token_urlsafe(24)},
        )

    async def invite(
        self,
        by: Caller,
        user_name: str,
        role: StaffRole = "officer",
        agency_code: str = "066",
        *,
        key: str | None = None,
    ) -> HttpAnswer:
        body = {"user_name": user_name, "role": role, "agency_code": agency_code}
        return await self.ask(by, "/members", body, key=key)

    async def look(self, token: str) -> HttpAnswer:
        return await self.auth.post("/v1/staff/invitations/look", {"token": token})

    async def accept(self, token: str, totp_secret: str, *, password: str = STAFF_PASSWORD) -> HttpAnswer:
        totp = TOTP(totp_secret).at(self.auth.clock.now())
        body = {"token": token, "password": password, "totp": totp}
        return await self.auth.post("/v1/staff/invitations/acceptance", body)

    async def see(self, by: Caller, path: str) -> HttpAnswer:
        """Read from the views, brought up to date first."""
        for projection in all_projections():
            projector = Projector(
                store=self.auth.store,
                database=self.auth.database,
                projection=projection,
                cipher=PersonalDataCipher(self.auth.keyring),
            )
            await projector.catch_up(await projector.generations.active_or_first())
        return await self.auth.client.request("GET", f"/v1/staff{path}", caller=by)
