"""Cards over HTTP, as the tests of their routes use them: fed by an officer, shown to the holder, scanned."""

from typing import Any

from tests.records.feeding import CITIZEN, Office

ENDED = {"valid_from": "01/01/2025", "valid_to": "31/12/2025", "issued_on": "15/12/2024"}
TO_COME = {"valid_from": "01/07/2026", "valid_to": "31/12/2026", "issued_on": "15/12/2025"}


async def feed(office: Office, participant_id: str, *sent: dict[str, str], **more: Any) -> list[Any]:  # noqa: ANN401  # JSON
    answer = await office.post(f"participants/{participant_id}/cards", {"rows": list(sent), **more})
    assert answer.status == 200, answer.body
    return list(answer.json()["rows"])


async def page(office: Office, query: str = "") -> Any:  # noqa: ANN401  # JSON
    answer = await office.service.ask("GET", f"/v1/participants/me/card{query}", caller=CITIZEN)
    assert answer.status == 200, answer.body
    return answer.json()


async def code(office: Office) -> str:
    answer = await office.service.ask("GET", "/v1/participants/me/card/qr", caller=CITIZEN)
    assert answer.status == 200, answer.body
    return str(answer.json()["payload"])


async def scan(office: Office, payload: str) -> Any:  # noqa: ANN401  # JSON
    answer = await office.service.ask("POST", "/v1/public/card-checks", {"payload": payload})
    return answer.json() | {"status": answer.status}


def rules(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error["field"], error["rule"]) for error in row["errors"]]
