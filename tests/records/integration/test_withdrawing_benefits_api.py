"""Benefits, payments and stops that were said by mistake, taken back by an officer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.records import rows
from tests.records.feeding import CITIZEN, OFFICER, STRANGER, Office, declared

REASON = {"reason": "Ghi nhầm người"}


@dataclass
class Pension:
    """A pension that was paid once, and the officer who noted it."""

    office: Office
    participant_id: str
    benefit_id: str
    payment_id: str

    async def ask(self, path: str, content: object, **more: Any) -> HttpAnswer:  # noqa: ANN401  # as `post` takes
        return await self.office.post(f"participants/{self.participant_id}/benefits{path}", content, **more)

    async def withdraw(self, path: str = "", **more: Any) -> HttpAnswer:  # noqa: ANN401  # as `post` takes
        return await self.ask(f"/{self.benefit_id}{path}/withdrawal", REASON, **more)

    async def read(self, as_of: str = "") -> Any:  # noqa: ANN401  # JSON
        """Return what its person reads of it."""
        path = f"/v1/participants/me/benefits/monthly/{self.benefit_id}{as_of}"
        return (await self.office.service.ask("GET", path, caller=CITIZEN)).json()

    async def opened(self) -> str:
        """Return an opening of the record for the officer."""
        opening = {"scope": "record", "reason": "Đối chiếu khoản đã hủy", "participant_id": self.participant_id}
        return str((await self.office.post("openings", opening)).json()["opening_id"])

    async def read_by_staff(self, as_of: str) -> HttpAnswer:
        path = f"/v1/participants/{self.participant_id}/benefits/monthly/{self.benefit_id}{as_of}"
        return await self.office.service.ask("GET", path, caller=OFFICER, opening=await self.opened())


@pytest.fixture
async def pension() -> Pension:
    office = Office()
    participant_id = await office.registered()
    await office.declare(participant=declared())
    pension = Pension(office, participant_id, "", "")
    granted = await pension.ask("", {"rows": [rows.benefit_row()]})
    paid = await pension.ask("/payments", {"rows": [rows.payment_row()]})
    pension.benefit_id = granted.json()["rows"][0]["id"]
    pension.payment_id = paid.json()["rows"][0]["id"]
    return pension


@pytest.mark.req("S-28")
async def test_what_a_withdrawn_benefit_said_is_shown_of_an_earlier_day_to_staff_alone(pension: Pension) -> None:
    as_of = f"?as_of={pension.office.service.clock.now().date()}"
    pension.office.service.clock.advance(timedelta(days=2))
    assert (await pension.withdraw()).json() == {"status": "withdrawn"}
    assert (await pension.read(as_of))["code"] == "row_not_found"
    path = f"/v1/participants/me/benefits/monthly{as_of}"
    listed = (await pension.office.service.ask("GET", path, caller=CITIZEN)).json()
    assert (listed["benefits"], listed["nothing_yet"]["vi"]) == (
        [],
        "Chưa có thông tin hưởng lương hưu, trợ cấp BHXH hàng tháng.",
    )
    seen = (await pension.read_by_staff(as_of)).json()
    assert (seen["benefit_id"], len(seen["payments"])) == (pension.benefit_id, 1)
    assert (await pension.read_by_staff("")).status == 404


async def test_a_mistyped_payment_is_taken_back_and_shown_of_an_earlier_day_to_staff_alone(pension: Pension) -> None:
    as_of = f"?as_of={pension.office.service.clock.now().date()}"
    (payment,) = (await pension.read())["payments"]
    assert payment["payment_id"] == pension.payment_id
    pension.office.service.clock.advance(timedelta(days=2))
    withdrawn = await pension.withdraw(f"/payments/{pension.payment_id}")
    assert (withdrawn.json(), withdrawn.headers["etag"]) == ({"status": "withdrawn"}, '"3"')
    for unpaid in (await pension.read(), await pension.read(as_of)):
        assert (unpaid["payments"], unpaid["paid_total"], unpaid["state"]) == ([], "0.00", "granted")
    assert len((await pension.read_by_staff(as_of)).json()["payments"]) == 1
    again = await pension.ask("/payments", {"rows": [rows.payment_row()]})
    assert [error["rule"] for error in again.json()["rows"][0]["errors"]] == ["row_withdrawn_since"]


async def test_an_end_said_by_mistake_is_taken_back_and_stays_readable_of_an_earlier_day(pension: Pension) -> None:
    await pension.ask("/stops", {"rows": [rows.stop_row()]})
    assert (await pension.read())["state"] == "stopped"
    as_of = f"?as_of={pension.office.service.clock.now().date()}"
    pension.office.service.clock.advance(timedelta(days=2))
    assert (await pension.withdraw("/stop")).status == 200
    assert ((await pension.read())["stop"], (await pension.read())["state"]) == (None, "paid")
    assert (await pension.read(as_of))["state"] == "stopped"


@pytest.mark.parametrize("what", ["", "/payments/{payment_id}", "/stop"])
async def test_the_same_withdrawal_again_gets_the_same_answer(pension: Pension, what: str) -> None:
    await pension.ask("/stops", {"rows": [rows.stop_row()]})
    path = what.format(payment_id=pension.payment_id)
    first, again = await pension.withdraw(path, key="k" * 32), await pension.withdraw(path, key="k" * 32)
    assert (first.status, first.json(), first.headers["etag"]) == (again.status, again.json(), again.headers["etag"])
    assert first.status == 200


@pytest.mark.parametrize("what", ["/payments/{payment_id}", "/stop"])
async def test_only_the_managing_agency_takes_back_and_says_why(pension: Pension, what: str) -> None:
    await pension.ask("/stops", {"rows": [rows.stop_row()]})
    path = what.format(payment_id=pension.payment_id)
    assert (await pension.withdraw(path, caller=STRANGER)).status == 404
    no_reason = await pension.ask(f"/{pension.benefit_id}{path}/withdrawal", {"reason": " "})
    assert [(error["field"], error["rule"]) for error in no_reason.json()["errors"]] == [("reason", "plain_line")]
    assert (await pension.withdraw(f"/payments/{'0' * 32}")).json()["code"] == "row_not_found"
    seen = await pension.read()
    assert (len(seen["payments"]), seen["state"]) == (1, "stopped")


async def test_an_end_stays_if_the_next_benefit_of_the_kind_was_granted_since(pension: Pension) -> None:
    await pension.ask("/stops", {"rows": [rows.stop_row()]})
    granted = await pension.ask("", {"rows": [rows.benefit_row(decision_number="9", from_date="01/09/2024")]})
    refused = await pension.withdraw("/stop")
    assert (refused.status, refused.json()["code"]) == (409, "row_contradicts")
    assert refused.json()["row_ids"] == [granted.json()["rows"][0]["id"]]
