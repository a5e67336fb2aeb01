"""A session that changes a contact, and what everybody was sent meanwhile."""

from dataclasses import dataclass, field
from typing import Any

from ansinh_contracts.auth import ContactChangedV1
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.asgi_client import HttpAnswer
from auth.messaging.objectionable import with_objection_codes
from auth.messaging.publishing import to_contract

from tests.auth.builders import PASSWORD
from tests.auth.service import AuthService, citizen_of

NEW_PHONE = "0987654321"
NEW_PHONE_STORED = "+84987654321"
MAIL = "hoa@gmail.com"


@dataclass
class Changing:
    """One citizen's session. `codes_to` are the codes that went out, newest last, by where they went."""

    auth: AuthService
    caller: Caller = field(init=False)

    @classmethod
    async def begin(cls, auth: AuthService, **account: object) -> "Changing":
        await auth.open_account(**account)
        assert (await auth.activate()).status == 200
        changing = cls(auth)
        await changing.log_in()
        return changing

    async def log_in(self) -> None:
        answer = await self.auth.log_in()
        assert answer.status == 201, answer.body
        self.caller = citizen_of(answer)
        self.token = str(answer.json()["token"])

    async def log_in_again(self) -> None:
        """Log out and in: a session that was idle is over."""
        await self.auth.client.request("DELETE", "/v1/sessions/current", caller=self.caller)
        await self.log_in()

    async def start(self, value: str = NEW_PHONE, slot: str = "phone", **changes: object) -> HttpAnswer:
        body = {"slot": slot, "value": value, "password": PASSWORD, **changes}
        return await self.auth.post("/v1/contact-changes", body, caller=self.caller)

    async def started(self, value: str = NEW_PHONE, slot: str = "phone", **changes: object) -> str:
        answer = await self.start(value, slot, **changes)
        assert answer.status == 202, answer.body
        return str(answer.json()["contact_change_id"])

    async def code_to(self, target: str) -> str:
        """Return the newest code that went to `target`."""
        await self.auth.send_secrets()
        codes = [one.secret for one in self.auth.secrets.messages() if one.target == target]
        assert codes, f"nothing was sent to {target}"
        return str(codes[-1])

    async def confirm(self, change_id: str, new: str, present: str | None) -> HttpAnswer:
        body: dict[str, Any] = {"new_code": new}
        if present is not None:
            body["present_code"] = present
        return await self.auth.post(f"/v1/contact-changes/{change_id}/confirm", body, caller=self.caller)

    async def changed(self, value: str, stored: str, present: str, slot: str = "phone") -> str:
        """Change a contact, all right; return the change's id. With a phone the session is over after it."""
        change_id = await self.started(value, slot)
        answer = await self.confirm(change_id, await self.code_to(stored), await self.code_to(present))
        assert answer.status == 200, answer.body
        return change_id

    async def contacts(self) -> dict[str, str]:
        holder = await self.auth.use_cases.contacts.shown._holders.find(await self.auth.account_id())
        assert holder is not None
        return {str(slot): contact.value for slot, contact in holder.contacts.items()}

    async def told(self) -> list[ContactChangedV1]:
        """Return what the others hear of contacts, objection codes and all."""
        tell = with_objection_codes(to_contract, self.auth.use_cases.objection_codes)
        contracts = [tell(recorded) for recorded in await self.auth.events()]
        return [contract for contract in contracts if isinstance(contract, ContactChangedV1)]

    async def object_with(self, code: str | None) -> HttpAnswer:
        return await self.auth.post("/v1/objections", {"code": code})
