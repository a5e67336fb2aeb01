"""An officer's device that feeds records: each request again is the same request, so a feed that died goes on."""

import hashlib
from collections.abc import Sequence
from typing import Any

from devtools.population.rows import Life, Row, benefit_rows, card_rows, contribution_rows, visit_rows
from devtools.story.browser import Device
from devtools.story.report import expect

_PARTICIPANTS = "/records/v1/staff/participants"
_ROWS_AT_ONCE = 200
_WHOSE = "social_insurance_number"


class Feeder:
    """Feeds under `agency_code`, whatever agency the made-up person came with."""

    def __init__(self, device: Device, agency_code: str) -> None:
        self._device = device
        self._agency_code = agency_code

    async def participant(self, life: Life) -> str:
        """Begin the person's record and return the participant's id."""
        person = life.person
        papers = [{"kind": "citizen_id", "number": person.citizen_number}] if person.citizen_number else []
        body = {
            "identity": {"full_name": person.full_name, "birth_date": person.born.isoformat(), "sex": person.sex},
            "numbers": {"social_insurance_number": person.social_insurance_number, "papers": papers},
            "contact": {"address": person.address, "phone": person.phone},
            "agency_code": self._agency_code,
        }
        answer = await self._post("", body, status=201, once=person.social_insurance_number)
        return str(answer["participant_id"])

    async def guardian(self, child_id: str, guardian_id: str) -> None:
        """Let the guardian read the child's record."""
        body = {"guardian_id": guardian_id, "relation": "legal_guardian"}
        await self._post(f"/{child_id}/guardians", body, once=f"{child_id}/{guardian_id}")

    async def history(self, participant_id: str, life: Life) -> None:
        """Record the person's contribution periods, benefits, card and visits.

        Raises:
            NotAsToldError: A row was refused; the message has the answer to the first one.
        """
        await self._rows(participant_id, "periods", [_period(row) for row in contribution_rows(life)])
        await self._rows(participant_id, "benefits", [_without(row, _WHOSE) for row in benefit_rows(life)])
        await self._rows(participant_id, "cards", [_without(row) for row in card_rows(life)])
        await self._rows(participant_id, "visits", [_without(row, _WHOSE) for row in visit_rows(life)])

    async def _rows(self, participant_id: str, to: str, rows: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            body = {"rows": rows[start : start + _ROWS_AT_ONCE]}
            answer = await self._post(f"/{participant_id}/{to}", body, once=f"{participant_id}/{start}")
            refused = [row for row in answer["rows"] if row["outcome"] == "refused"]
            expect(not refused, f"{len(refused)} {to} refused, the first with {refused[:1]}")

    async def _post(self, path: str, body: object, *, once: str, status: int = 200) -> dict[str, Any]:
        key = hashlib.sha256(f"demo{path}/{once}".encode()).hexdigest()[:32]
        answer = await self._device.post(
            f"{_PARTICIPANTS}{path}", body, status=status, headers={"Idempotency-Key": key}
        )
        found: dict[str, Any] = answer.body
        return found


def _period(row: Row) -> dict[str, Any]:
    """Return a row of a bulk file as the API takes it: months year first, no empty cells, no number of the person."""
    plain = _without(row, _WHOSE, "position_allowance")
    months = {name: _month(row[name]) for name in ("from_month", "to_month")}
    allowance = row["position_allowance"]
    return plain | months | ({"allowances": {"position": allowance}} if allowance else {})


def _without(row: Row, *names: str) -> dict[str, Any]:
    """Return the row without empty cells and these."""
    return {name: value for name, value in row.items() if value and name not in names}


def _month(label: str) -> str:
    month, _, year = label.partition("/")
    return f"{year}-{month}"
