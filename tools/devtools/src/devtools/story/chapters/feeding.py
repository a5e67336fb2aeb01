"""The agency feeds the record: periods, benefits, a health card, visits. What is fed twice changes nothing."""

import json
from datetime import UTC, datetime
from typing import Any

from devtools.story import career
from devtools.story.browser import Answer
from devtools.story.cast import Cast
from devtools.story.report import expect
from devtools.story.waiting import see


async def tell(cast: Cast) -> None:
    cast.report.chapter("6. The agency feeds the record")
    await _periods(cast)
    await _contradiction(cast)
    await _another_agency(cast)
    await _bulk_file(cast)
    await _benefits(cast)
    await _card(cast)
    await _visits(cast)


async def _periods(cast: Cast) -> None:
    with cast.report.step("contribution periods go in, an overlap and an unpaid stretch among them"):
        fed = await _fed(cast, "periods", [period.row() for period in career.PERIODS])
        expect([row["outcome"] for row in fed] == ["recorded"] * len(fed), "each row is recorded")
        cast.record.period_ids = {period.first: row["id"] for period, row in zip(career.PERIODS, fed, strict=True)}
        cast.told(career.WAGE)
    with cast.report.step("the same rows once more change nothing"):
        fed = await _fed(cast, "periods", [period.row() for period in career.PERIODS])
        expect([row["outcome"] for row in fed] == ["unchanged"] * len(fed), "each row is known")


async def _contradiction(cast: Cast) -> None:
    with cast.report.step("a row that contradicts one on record is refused, and the one it contradicts is named"):
        (row,) = await _fed(cast, "periods", [career.CONTRADICTING.row()])
        (error,) = row["errors"]
        expect(row["outcome"] == "refused" and bool(error["message"]["vi"]), "it is refused in words")
        expect(row["against"] == [cast.record.period_ids[career.AT_FIRST.first]], "the standing period is named")
    with cast.report.step("a month that is none is refused with field and rule"):
        (row,) = await _fed(cast, "periods", [career.UNPAID.row() | {"to_month": "2025-13"}])
        expect([error["field"] for error in row["errors"]] == ["to_month"], "the field is named")


async def _another_agency(cast: Cast) -> None:
    with cast.report.step("an officer of another agency feeds nothing"):
        body = {"rows": [career.UNPAID.row()]}
        await cast.other_office.post(cast.record.fed("periods"), body, status=404, headers=cast.once())


async def _bulk_file(cast: Cast) -> None:
    path = "/records/v1/staff/imports"
    file = career.bulk_file(cast.citizen)
    with cast.report.step(
        "a bulk file goes in: its good rows are recorded, its bad one is told by line, column and rule"
    ):
        sent = await cast.office.post_file(f"{path}?kind=contributions", file, "text/csv")
        mine = f"{path}/{sent.body['import_id']}"
        done = await see(cast.office, mine, "the import is completed", _completed)
        counts = done.body["counts"]
        expect((counts["recorded"], counts["refused"]) == (2, 1), f"two rows recorded, one refused, not {counts}")
        report = await cast.office.get(f"{mine}/report?form=jsonl")
        (refusal,) = [json.loads(line) for line in report.body.splitlines()]
        expect((refusal["line"], refusal["column"]) == (4, "from_month"), f"line 4, from_month, not {refusal}")
    with cast.report.step("to another agency there is no such import"):
        await cast.other_office.get(mine, status=404)
    with cast.report.step("the same file once more changes nothing"):
        again = await cast.office.post_file(f"{path}?kind=contributions", file, "text/csv")
        done = await see(cast.office, f"{path}/{again.body['import_id']}", "it is completed", _completed)
        counts = done.body["counts"]
        expect((counts["recorded"], counts["unchanged"]) == (0, 2), f"two rows known already, not {counts}")


def _completed(status: Answer) -> bool:
    return bool(status.body["status"] == "completed")


async def _benefits(cast: Cast) -> None:
    with cast.report.step("benefits go in, and what was paid of one"):
        fed = await _fed(cast, "benefits", career.benefits(cast.officer.agency_code))
        expect([row["outcome"] for row in fed] == ["recorded"] * len(fed), f"each is recorded, not {fed}")
        (paid,) = await _fed(cast, "benefits/payments", [career.PAYMENT])
        expect(paid["outcome"] == "recorded", "the payment is recorded")


async def _card(cast: Cast) -> None:
    with cast.report.step("a health card goes in; one that bears another person's number is refused"):
        row = career.card(cast.citizen, cast.officer.agency_code, datetime.now(UTC).date())
        (other,) = await _fed(cast, "cards", [row | {"card_number": "DN4660000000001"}])
        expect([error["field"] for error in other["errors"]] == ["social_insurance_number"], "the number is named")
        (recorded,) = await _fed(cast, "cards", [row])
        expect(recorded["outcome"] == "recorded", "the card is recorded")
        cast.told(row["card_number"])


async def _visits(cast: Cast) -> None:
    with cast.report.step("visits go in; one whose costs do not add up is refused"):
        wrong = career.visit(cast.citizen, 2024, 500_000) | {"fund_paid": "500000"}
        rows = [career.visit(cast.citizen, 2024, 500_000), career.visit(cast.citizen, 2023, 250_000)]
        (refused,) = await _fed(cast, "visits", [wrong])
        expect([error["rule"] for error in refused["errors"]] == ["cost_fund"], "the rule is named")
        fed = await _fed(cast, "visits", rows)
        expect([row["outcome"] for row in fed] == ["recorded"] * len(fed), "each visit is recorded")
        cast.told(career.DIAGNOSIS)


async def _fed(cast: Cast, part: str, rows: list[career.Row]) -> list[dict[str, Any]]:
    fed = await cast.office.post(cast.record.fed(part), {"rows": rows}, headers=cast.once())
    expect(fed.body["participant_id"] == cast.record.participant_id, "it went into the citizen's record")
    outcomes: list[dict[str, Any]] = fed.body["rows"]
    return outcomes
