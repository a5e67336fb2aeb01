"""Officers and systems feed periods over HTTP: an outcome per row, and nothing half done."""

import asyncio
from typing import Any

import pytest
from ansinh_kit.testing.callers import a_guest

from tests.records.feeding import CITIZEN, PROVINCIAL, STRANGER
from tests.records.working_life import A, B, WorkingLife, sent

KEY = "k" * 32


@pytest.fixture
async def life() -> WorkingLife:
    return await WorkingLife.begun()


async def months(life: WorkingLife) -> int:
    total: int = (await life.shown("participation/social"))["summary"]["total"]["months"]
    return total


async def test_every_row_is_told_what_became_of_it(life: WorkingLife) -> None:
    first = (await life.fed(sent("2020-01/2020-12")))[0]

    rows = await life.fed(
        sent("2020-01/2020-12"),
        sent("2020-06/2020-06", value="9000000"),
        sent("2021-01/2021-01"),
        sent("2022-12/2022-01", employer_code="công ty"),
    )
    (corrected,) = await life.fed(sent("2020-01/2020-12", value="7000000"), correction=True)

    assert [row["outcome"] for row in rows] == ["unchanged", "refused", "recorded", "refused"]
    assert [error["rule"] for error in rows[1]["errors"]] == ["contradicts"]
    assert rows[1]["against"] == [first["id"]]
    assert [error["field"] for error in rows[3]["errors"]] == ["employer_code", "to_month"]
    assert (corrected["outcome"], corrected["id"]) == ("corrected", first["id"])
    assert await months(life) == 13


async def test_the_same_request_again_gets_the_same_answer_and_changes_nothing(life: WorkingLife) -> None:
    rows = (sent("2020-01/2020-12"), sent("2020-06/2020-06", value="9000000"))
    first = await life.feed(*rows, key=KEY)
    again = await life.feed(*rows, key=KEY)

    assert first.json() == again.json()
    assert (await life.office.service.event_types()).count("period_recorded") == 1


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"from_month": "01/2020"}, "from_month", "iso_month"),
        ({"from_month": "2020-13"}, "from_month", "iso_month"),
        ({"to_month": "2019-12"}, "to_month", "reversed"),
        ({"to_month": "2199-12"}, "to_month", "in_the_future"),
        ({"from_month": "1990-02"}, "from_month", "before_birth"),
        ({"employer_code": "công ty"}, "employer_code", "wrong_shape"),
        ({"employer_name": "=1+1"}, "employer_name", "formula"),
        ({"occupation": "a\u202eb"}, "occupation", "control_character"),
        ({"value": "-1"}, "value", "negative"),
        ({"value": "5.000.000"}, "value", "not_an_amount"),
        ({"allowances": {"wage": "1,5"}}, "allowances.wage", "not_an_amount"),
        ({"movement_code": "ts"}, "movement_code", "wrong_shape"),
        ({"note": "x" * 501}, "note", "too_long"),
    ],
)
async def test_a_row_that_says_no_period_is_pointed_out_and_keeps_no_other_out(
    life: WorkingLife, change: dict[str, Any], field: str, rule: str
) -> None:
    sound, wrong = await life.fed(sent("2020-01/2020-12"), sent("2021-01/2021-02", **change))

    assert [(error["field"], error["rule"]) for error in wrong["errors"]] == [(field, rule)]
    assert all(error["message"]["vi"] != "Giá trị không hợp lệ." for error in wrong["errors"])
    assert (sound["outcome"], wrong["outcome"], wrong["id"]) == ("recorded", "refused", None)
    assert await months(life) == 12


async def test_a_correction_that_says_no_period_is_refused_and_pointed_out(life: WorkingLife) -> None:
    period_id = (await life.fed(sent("2020-01/2020-12")))[0]["id"]

    answer = await life.change(period_id, "corrections", sent("2020-12/2020-01", value="x"))

    assert answer.status == 422
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [
        ("value", "not_an_amount"),
        ("to_month", "reversed"),
    ]


@pytest.mark.parametrize("content", [{}, {"rows": []}, {"rows": [{}]}, {"rows": [sent("2020-01/2020-02")] * 201}])
async def test_a_list_of_another_shape_is_refused(life: WorkingLife, content: object) -> None:
    answer = await life.office.post(f"participants/{life.participant_id}/periods", content)
    assert answer.status == 422


async def test_only_the_managing_agency_feeds(life: WorkingLife) -> None:
    row = sent("2020-01/2020-12")

    assert (await life.feed(row, caller=STRANGER)).status == 404
    assert (await life.feed(row, caller=CITIZEN)).status == 403
    assert (await life.feed(row, caller=a_guest())).status == 401
    assert (await life.feed(row, caller=PROVINCIAL)).status == 200


async def test_an_officer_corrects_and_withdraws_by_id(life: WorkingLife) -> None:
    period_id = (await life.fed(sent("2020-01/2020-12")))[0]["id"]
    other_id = (await life.fed(sent("2021-01/2021-12")))[0]["id"]

    clash = await life.change(period_id, "corrections", sent("2020-06/2021-01"))
    kind = await life.change(period_id, "corrections", sent("2020-01/2020-06", kind="health"))
    corrected = await life.change(period_id, "corrections", sent("2020-01/2020-06"))
    wordless = await life.change(period_id, "withdrawal", {"reason": "…"})
    withdrawn = await life.change(period_id, "withdrawal", {"reason": "Ghi nhầm người tham gia."})
    gone = await life.change(period_id, "corrections", sent("2020-01/2020-06"))

    assert (clash.status, clash.json()["code"], clash.json()["period_ids"]) == (409, "period_contradicts", [other_id])
    assert (kind.status, kind.json()["code"]) == (409, "period_kind_fixed")
    assert corrected.status == withdrawn.status == 200
    assert (wordless.status, gone.status) == (422, 404)
    assert await months(life) == 12


async def test_refusals_are_told_without_values(life: WorkingLife) -> None:
    await life.fed(sent("2020-01/2020-12"))

    answer = await life.feed(sent("2020-01/2020-12", value="98765432", occupation="Thợ bí mật"))

    assert "98765432" not in answer.body.decode()
    assert "bí mật" not in answer.body.decode()


async def test_a_correction_among_other_writers_loses_nothing(life: WorkingLife) -> None:
    period_id = (await life.fed(sent("2015-01/2015-12")))[0]["id"]

    answers = await asyncio.gather(
        life.change(period_id, "corrections", sent("2015-01/2015-06")),
        *(life.feed(sent(f"20{year}-01/20{year}-12")) for year in (16, 17, 18)),
        *(life.feed(sent("2015-01/2015-12", B)) for _ in range(2)),
    )

    assert [answer.status for answer in answers] == [200] * 6
    rows = (await life.shown("participation/social"))["rows"]
    assert sorted((row["from_label"], row["to_label"], row["employer_code"]) for row in rows) == [
        ("01/2015", "06/2015", A),
        ("01/2015", "12/2015", B),
        ("01/2016", "12/2016", A),
        ("01/2017", "12/2017", A),
        ("01/2018", "12/2018", A),
    ]
