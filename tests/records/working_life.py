"""An office that feeds contribution periods, and a citizen who reads them: the service in this process."""

from dataclasses import dataclass, field
from typing import Any, Self

from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.records.feeding import CITIZEN, OFFICER, Office

A, B = "TA0001Z", "TB0002Z"


def sent(months: str, employer_code: str = A, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a row
    """Return a row of `months` written `2019-01/2020-12`, as the API takes it."""
    first, last = months.split("/")
    row = {
        "kind": "social",
        "from_month": first,
        "to_month": last,
        "employer_code": employer_code,
        "employer_name": f"Công ty {employer_code[1]}",
        "occupation": "Kế toán",
        "value": "5000000",
    }
    return row | changes


@dataclass
class WorkingLife:
    """One participant with an account, and the officer of the managing agency."""

    office: Office = field(default_factory=Office)
    participant_id: str = ""

    @classmethod
    async def begun(cls) -> Self:
        life = cls()
        life.participant_id = await life.office.registered()
        await life.office.declare()
        return life

    async def feed(
        self, *rows: dict[str, Any], correction: bool = False, key: str | None = None, caller: Caller = OFFICER
    ) -> HttpAnswer:
        content = {"rows": list(rows), "correction": correction}
        return await self.office.post(f"participants/{self.participant_id}/periods", content, key=key, caller=caller)

    async def fed(self, *rows: dict[str, Any], correction: bool = False) -> list[dict[str, Any]]:
        """Feed rows and return what became of each."""
        answer = await self.feed(*rows, correction=correction)
        assert answer.status == 200, answer.body
        outcomes: list[dict[str, Any]] = answer.json()["rows"]
        return outcomes

    async def change(self, period_id: str, what: str, content: object) -> HttpAnswer:
        return await self.office.post(f"participants/{self.participant_id}/periods/{period_id}/{what}", content)

    async def read(self, path: str, *, caller: Caller = CITIZEN, who: str = "me") -> HttpAnswer:
        return await self.office.service.ask("GET", f"/v1/participants/{who}/{path}", caller=caller)

    async def shown(self, path: str) -> dict[str, Any]:
        """Return what the citizen reads under `path`."""
        answer = await self.read(path)
        assert answer.status == 200, answer.body
        found: dict[str, Any] = answer.json()
        return found
