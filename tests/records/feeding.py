"""Officers at work through the API of the service in this process, and declarations that come over the bus."""

from dataclasses import dataclass, field
from typing import Any

from ansinh_contracts.registration import DeclarationValidV1, DeclaredParticipant
from ansinh_kit.http.assertion import Caller
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_citizen, an_officer

from tests.records import people
from tests.records.service import Service

OFFICER = an_officer(account_id="officer-a", agency_code=people.AGENCY)
PROVINCIAL = an_officer(account_id="officer-p", agency_code="066")
STRANGER = an_officer(account_id="officer-c", agency_code="07901")
CITIZEN = a_citizen(person_id=people.PERSON)


def body(number: str = "6600000018", citizen_number: str | None = "066090000018", **identity: object) -> dict[str, Any]:
    papers = [] if citizen_number is None else [{"kind": "citizen_id", "number": citizen_number}]
    return {
        "identity": {"full_name": "Nguyễn Văn Mẫu", "birth_date": "1990-03-17", "sex": "male"} | identity,
        "numbers": {"social_insurance_number": number, "papers": papers},
        "contact": {"address": "Số 1, Phố Thử Nghiệm, Tân Lợi, Đắk Lắk", "phone": "0900 000 018"},
    }


def declared(**changes: object) -> DeclaredParticipant:
    values: dict[str, object] = {
        "social_insurance_number": "6600000018",
        "identity_kind": "citizen_id",
        "identity_number": "066090000018",
        "full_name": "Nguyễn Văn Mẫu",
        "phone": "+84900000018",
    }
    return DeclaredParticipant.model_validate(values | changes)


@dataclass
class Office:
    """One service, and an officer of its agency."""

    service: Service = field(default_factory=Service)

    async def post(
        self,
        path: str,
        content: object,
        *,
        caller: Caller = OFFICER,
        version: str | None = None,
        key: str | None = None,
    ) -> HttpAnswer:
        return await self.service.ask("POST", f"/v1/staff/{path}", content, caller=caller, version=version, key=key)

    async def registered(self, *, caller: Caller = OFFICER, **changes: Any) -> str:  # noqa: ANN401  # as `body` takes
        answer = await self.post("participants", body(**changes), caller=caller)
        assert answer.status == 201, answer.body
        return str(answer.json()["participant_id"])

    async def declare(
        self,
        *,
        person_id: str = people.PERSON,
        declaration_id: str = "d" * 32,
        event_id: str | None = None,
        participant: DeclaredParticipant | None = None,
    ) -> None:
        """Let the valid declaration of this person arrive over the bus."""
        now = self.service.clock.now()
        event = DeclarationValidV1(
            declaration_id=declaration_id,
            person_id=person_id,
            dossier_number="00018/2026/06601",
            agency_code=people.AGENCY,
            occurred_at=now,
            language="vi",
            participant=participant or declared(),
        )
        incoming = IncomingEvent(
            event=event,
            event_id=event_id or f"valid-{declaration_id}",
            stream_id=f"declaration-{declaration_id}",
            stream_version=1,
            position=1,
            occurred_at=now,
            correlation_id="story",
            causation_id=None,
        )
        await self.service.use_cases.linking.declaration_valid(incoming)

    async def page(self, who: str = "me", *, caller: Caller = CITIZEN, as_of: str | None = None) -> HttpAnswer:
        query = "" if as_of is None else f"?as_of={as_of}"
        return await self.service.ask("GET", f"/v1/participants/{who}/person{query}", caller=caller)
