"""One benefit, card or visit corrected or withdrawn by an officer who has seen it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.records import rows
from tests.records.feeding import CITIZEN, OFFICER, STRANGER, Office, declared


@dataclass(frozen=True)
class Kind:
    """A kind of row, how one is written, what it is known by, a cell that may be wrong, and what that may become."""

    name: str
    row: Callable[..., dict[str, str]]
    known_by: dict[str, str]
    wrong: tuple[str, str, str]
    path: str
    shown: Callable[[Any], list[str]]
    before: str
    after: str


BENEFITS: Final = Kind(
    "benefits",
    rows.benefit_row,
    {"decision_number": "124/QĐ-BHXH"},
    ("amount", "-1", "amount"),
    "benefits/monthly",
    lambda page: [row["decision_number"] for row in page["benefits"]],
    "123/QĐ-BHXH",
    "124/QĐ-BHXH",
)
CARDS: Final = Kind(
    "cards",
    rows.card_row,
    {"card_number": "GD4666600000018"},
    ("sex", "?", "sex"),
    "card",
    lambda page: [page["card"]["card_number"]],
    rows.CARD_NUMBER,
    "GD4666600000018",
)
VISITS: Final = Kind(
    "visits",
    rows.visit_row,
    {"facility_code": "66002"},
    ("outcome", "9", "treatment_outcome"),
    "visits/2025",
    lambda page: [row["facility_code"] for row in page["visits"]],
    "66001",
    "66002",
)
# `kind` is what `desk` is made for.
EACH_KIND: Final = pytest.mark.parametrize("kind", [BENEFITS, CARDS, VISITS], ids=lambda kind: kind.name)


@dataclass
class Desk:
    """An officer with one row of a kind on the desk, and the person it is about."""

    office: Office
    kind: Kind
    participant_id: str
    row_id: str = ""

    async def ask(self, path: str, content: object, **more: Any) -> HttpAnswer:  # noqa: ANN401  # as `post` takes
        return await self.office.post(f"participants/{self.participant_id}/{self.kind.name}{path}", content, **more)

    async def record(self, **cells: str) -> str:
        answer = await self.ask("", {"rows": [self.kind.row(**cells)]})
        assert answer.json()["rows"][0]["outcome"] == "recorded", answer.body
        return str(answer.json()["rows"][0]["id"])

    async def correct(self, *, row_id: str | None = None, **more: Any) -> HttpAnswer:  # noqa: ANN401  # cells, and as `ask`
        cells = {name: more.pop(name) for name in list(more) if name not in ("caller", "version", "key")}
        path = f"/{row_id or self.row_id}/corrections"
        return await self.ask(path, self.kind.row(**self.kind.known_by) | cells, **more)

    async def read(self, as_of: str = "") -> list[str]:
        path = f"/v1/participants/me/{self.kind.path}{as_of}"
        answer = await self.office.service.ask("GET", path, caller=CITIZEN)
        assert answer.status == 200, answer.body
        return self.kind.shown(answer.json())


@pytest.fixture
async def desk(kind: Kind) -> Desk:
    office = Office()
    desk = Desk(office, kind, await office.registered())
    await office.declare(participant=declared())
    desk.row_id = await desk.record()
    return desk


@EACH_KIND
async def test_a_row_is_corrected_by_its_id_also_in_what_it_is_known_by(desk: Desk, kind: Kind) -> None:
    then = quote(desk.office.service.clock.now().isoformat())
    desk.office.service.clock.advance(timedelta(days=1))
    corrected = await desk.correct()
    assert (corrected.status, corrected.json()) == (200, {"participant_id": desk.participant_id, "id": desk.row_id})
    assert corrected.headers["etag"] == '"2"'
    assert await desk.read() == [kind.after]
    assert await desk.read(f"?as_of={then}") == [kind.before]


@EACH_KIND
async def test_a_correction_without_a_change_records_nothing(desk: Desk) -> None:
    await desk.correct()
    again = await desk.correct()
    assert (again.status, again.headers["etag"]) == (200, '"2"')


@EACH_KIND
async def test_a_correction_of_what_is_not_there_is_not_found(desk: Desk) -> None:
    missing = await desk.correct(row_id="0" * 32)
    assert (missing.status, missing.json()["code"]) == (404, "row_not_found")


@EACH_KIND
async def test_a_correction_with_wrong_values_names_field_and_rule(desk: Desk, kind: Kind) -> None:
    field, value, rule = kind.wrong
    wrong = await desk.correct(**{field: value})
    assert (wrong.status, wrong.json()["code"]) == (422, "invalid_fields")
    assert [(error["field"], error["rule"]) for error in wrong.json()["errors"]] == [(field, rule)]
    elsewhere = await desk.correct(corrects="1" * 32)
    assert [(error["field"], error["rule"]) for error in elsewhere.json()["errors"]] == [("corrects", "unknown_row")]


@EACH_KIND
async def test_a_correction_on_a_version_that_is_not_there_any_more_is_refused(desk: Desk, kind: Kind) -> None:
    assert (await desk.correct(version='"1"')).status == 200
    late = await desk.correct(version='"1"', **kind.row())
    assert late.status == 412


@EACH_KIND
async def test_the_same_correction_request_again_gets_the_same_answer(desk: Desk) -> None:
    first, again = await desk.correct(key="k" * 32), await desk.correct(key="k" * 32)
    assert (first.json(), first.headers["etag"]) == (again.json(), again.headers["etag"])


@EACH_KIND
async def test_only_the_managing_agency_corrects_and_withdraws(desk: Desk, kind: Kind) -> None:
    assert (await desk.correct(caller=STRANGER)).status == 404
    withdrawal = {"reason": "Ghi nhầm người"} | ({"withdrawn_on": "01/03/2026"} if kind is CARDS else {})
    assert (await desk.ask(f"/{desk.row_id}/withdrawal", withdrawal, caller=STRANGER)).status == 404
    assert await desk.read() == [kind.before]


@pytest.mark.parametrize("kind", [VISITS, BENEFITS], ids=lambda kind: kind.name)
async def test_a_correction_that_makes_two_of_one_is_refused_and_names_the_other(desk: Desk, kind: Kind) -> None:
    later = {"from_date": "01/05/2030"} if kind is BENEFITS else {}
    if kind is BENEFITS:
        await desk.correct(**rows.benefit_row(to_date="31/12/2025"))
    other = await desk.record(**kind.known_by, **later)
    refused = await desk.correct(**later)
    assert (refused.status, refused.json()["code"]) == (409, "row_contradicts")
    assert (refused.json()["rule"], refused.json()["row_ids"]) == ("contradicts_standing", [other])


@pytest.mark.parametrize("kind", [VISITS, BENEFITS], ids=lambda kind: kind.name)
async def test_a_withdrawn_row_stands_no_longer_on_any_day(desk: Desk) -> None:
    then = quote(desk.office.service.clock.now().isoformat())
    desk.office.service.clock.advance(timedelta(days=1))
    path = f"/{desk.row_id}/withdrawal"
    withdrawn = await desk.ask(path, {"reason": "Ghi nhầm người"})
    assert (withdrawn.status, withdrawn.headers["etag"]) == (200, '"2"')
    assert await desk.read() == []
    # It may be another person's: of the past it is shown to staff alone (test_visits_api, test_withdrawing…).
    assert await desk.read(f"?as_of={then}") == []
    no_reason = await desk.ask(path, {"reason": " "})
    assert [(error["field"], error["rule"]) for error in no_reason.json()["errors"]] == [("reason", "plain_line")]
    assert (await desk.ask(f"/{'0' * 32}/withdrawal", {"reason": "Ghi nhầm người"})).status == 404


@pytest.mark.parametrize("kind", [BENEFITS])
async def test_a_withdrawn_benefit_takes_its_payments_along(desk: Desk, kind: Kind) -> None:
    await desk.ask("/payments", {"rows": [rows.payment_row()]})
    await desk.ask(f"/{desk.row_id}/withdrawal", {"reason": "Ghi nhầm người"})
    back = await desk.ask("", {"rows": [kind.row()], "correction": True})
    assert [row["outcome"] for row in back.json()["rows"]] == ["recorded"]
    path = f"/v1/participants/me/{kind.path}/{desk.row_id}"
    detail = (await desk.office.service.ask("GET", path, caller=CITIZEN)).json()
    assert (detail["payments"], detail["paid_total"]) == ([], "0.00")


@pytest.mark.parametrize("kind", [BENEFITS])
async def test_a_benefit_stays_in_its_tab(desk: Desk) -> None:
    sickness = await desk.office.service.ask(
        "POST",
        f"/v1/staff/participants/{desk.participant_id}/benefits/{desk.row_id}/corrections",
        rows.benefit_row("sickness"),
        caller=OFFICER,
    )
    assert (sickness.status, sickness.json()["rule"]) == (409, "other_tab")
