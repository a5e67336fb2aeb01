"""A service with a family on record, the officers around it, and what they do to records and disputes over HTTP."""

from dataclasses import dataclass, field
from typing import Any

from ansinh_kit.http.assertion import Caller
from ansinh_kit.human_check.proof_of_work import solve
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_citizen, an_officer

from tests.records import access_builders as b
from tests.records import people
from tests.records.feeding import CITIZEN, OFFICER, Office, declared
from tests.records.service import Service

COLLEAGUE = an_officer(account_id="officer-b", agency_code=people.AGENCY)
CLERK = an_officer(account_id="officer-d", agency_code=people.AGENCY, roles=("auditor",))
NEIGHBOUR = a_citizen(account_id="account-2", person_id="9" * 32)


@dataclass
class Desk:
    """`parent` is CITIZEN's record, `child` is in the parent's charge, `other` is NEIGHBOUR's."""

    service: Service = field(default_factory=Service)
    parent: str = ""
    child: str = ""
    other: str = ""

    async def prepare(self) -> "Desk":
        office = Office(self.service)
        self.parent = await office.registered()
        await office.declare()
        self.child = await office.registered(
            number="6600000034", citizen_number=None, full_name="Nguyễn Bé Mẫu", birth_date="2020"
        )
        guardian = {"guardian_id": self.parent, "relation": "father"}
        assert (await office.post(f"participants/{self.child}/guardians", guardian)).status == 200
        self.other = await office.registered(
            number="6600000026", citizen_number="066090000026", full_name="Trần Thị Thử"
        )
        neighbour = declared(
            social_insurance_number="6600000026", identity_number="066090000026", full_name="Trần Thị Thử"
        )
        await office.declare(person_id="9" * 32, declaration_id="e" * 32, participant=neighbour)
        return self

    async def open(
        self, participant_id: str, *, scope: str = "record", caller: Caller = OFFICER, reason: str = b.REASON
    ) -> HttpAnswer:
        content = {"participant_id": participant_id, "scope": scope, "reason": reason}
        return await self.service.ask("POST", "/v1/staff/openings", content, caller=caller)

    async def opening(self, participant_id: str, *, scope: str = "record", caller: Caller = OFFICER) -> str:
        answer = await self.open(participant_id, scope=scope, caller=caller)
        assert answer.status == 201, answer.body
        return str(answer.json()["opening_id"])

    async def read(self, who: str, part: str, *, caller: Caller = OFFICER, opening: str | None = None) -> HttpAnswer:
        return await self.service.ask("GET", f"/v1/participants/{who}/{part}", caller=caller, opening=opening)

    async def dispute(self, who: str = "me", *, caller: Caller = CITIZEN, **changes: object) -> dict[str, Any]:
        """Open a dispute and return its state, with its `ETag`."""
        content = {"subject": "period", "words": b.WORDS} | changes
        answer = await self.service.ask("POST", f"/v1/participants/{who}/disputes", content, caller=caller)
        assert answer.status == 201, answer.body
        return dict(answer.json()) | {"version": answer.headers["etag"]}

    async def handle(
        self, dispute_id: str, verb: str, body: object = None, *, caller: Caller = OFFICER, version: str | None = None
    ) -> HttpAnswer:
        path = f"/v1/staff/disputes/{dispute_id}/{verb}"
        return await self.service.ask("POST", path, body, caller=caller, version=version)

    async def queue(self, *, caller: Caller = OFFICER, query: str = "") -> list[dict[str, Any]]:
        answer = await self.service.ask("GET", f"/v1/staff/disputes{query}", caller=caller)
        assert answer.status == 200, answer.body
        entries = list(answer.json()["disputes"])
        assert answer.json()["total"] == len(entries)
        return entries

    def proof(self) -> str:
        return solve(self.service.human_check.challenge())
