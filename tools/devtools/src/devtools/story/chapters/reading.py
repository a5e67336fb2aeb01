"""The citizen reads the own record: totals that explain themselves, benefits, the card with its code, the visits."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from devtools.story import career
from devtools.story.browser import Answer
from devtools.story.cast import Cast
from devtools.story.report import expect
from devtools.story.waiting import see

_YEARS = [2024, 2023]
_TABS = {"one-off": 0, "short-term": 1, "monthly": 0, "unemployment": 1}


async def tell(cast: Cast) -> None:
    cast.report.chapter("7. The citizen reads the record")
    social = await _total(cast)
    await _explained(cast, social)
    await _rows(cast, social)
    await _detail(cast)
    await _range(cast)
    await _other_kinds(cast)
    await _unpaid(cast)
    await _benefits(cast)
    await _card(cast)
    await _visits(cast)


async def _total(cast: Cast) -> dict[str, Any]:
    with cast.report.step(f"[Tổng thời gian tham gia] of BHXH is {career.TOTAL_TEXT}: months in two jobs count once"):
        read = await see(
            cast.second_phone,
            cast.record.own("participation/social"),
            f"the total is {career.TOTAL_TEXT}",
            lambda answer: bool(answer.body["summary"]["total"]["text"]["vi"] == career.TOTAL_TEXT),
        )
        expect(read.body["summary"]["unpaid"]["months"] == career.UNPAID_MONTHS, "unpaid months stand apart")
        found: dict[str, Any] = read.body
        return found


async def _explained(cast: Cast, social: dict[str, Any]) -> None:
    with cast.report.step("the explanation adds up to the total, and names overlap, gap and unpaid months"):
        explanation = social["explanation"]
        expect(sum(line["months"] for line in explanation["lines"]) == career.TOTAL_MONTHS, "the lines add up")
        (overlap,) = explanation["overlaps"]
        expect(overlap["span"]["months"] == career.OVERLAP_MONTHS, "three months in two jobs")
        expect(set(overlap["employer_codes"]) == {career.FIRST, career.SECOND}, "both employers are named")
        left_out = {line["rule"]: line["months"] for line in explanation["left_out"]}
        apart = {"gap_not_counted": career.GAP_MONTHS, "unpaid_apart": career.UNPAID_MONTHS}
        expect(left_out == apart, f"left out: {apart}, not {left_out}")
        told = {line["rule"] for line in [*explanation["lines"], *explanation["left_out"]]}
        expect(all(explanation["rules"][rule]["text"]["vi"] for rule in told), "each rule is told in words")


async def _rows(cast: Cast, social: dict[str, Any]) -> None:
    with cast.report.step("the list has the newest period first, in MM/yyyy"):
        months = [row["from_label"] for row in social["rows"]]
        expect(months == ["01/2025", "04/2024", "04/2021", "01/2018"], f"newest first, not {months}")
        expect(
            all(row["event_id"] and row["since"] for row in social["rows"]), "each row tells since when, and by what"
        )


async def _detail(cast: Cast) -> None:
    with cast.report.step("a period opens its detail, with the wage written 7.654.321,00"):
        period_id = cast.record.period_ids[career.AT_FIRST.first]
        content = (await cast.second_phone.get(_period(cast, period_id))).body["content"]
        expect(content["value_text"] == "7.654.321,00", f"7.654.321,00, not {content['value_text']}")
        expect(content["from_label"] == "01/2018" and content["to_label"] == "06/2021", "both months are there")


async def _range(cast: Cast) -> None:
    with cast.report.step("asked for two years only, the time is 24 months, the overlap in them counted once"):
        read = await cast.second_phone.get(f"{cast.record.own('participation/social')}?{career.RANGE}")
        expect(read.body["range"]["total"]["months"] == career.RANGE_MONTHS, "24 months")
        wrong = f"{cast.record.own('participation/social')}?from=2021-12&to=2020-01"
        await cast.second_phone.get(wrong, status=422)


async def _other_kinds(cast: Cast) -> None:
    with cast.report.step("each of the four kinds has its own total; one without rows says so in words"):
        kinds = (await cast.second_phone.get(cast.record.own("participation"))).body["kinds"]
        expect([kind["kind"] for kind in kinds] == ["social", "unemployment", "accident", "health"], "four kinds")
        expect(kinds[0]["total"]["months"] == career.TOTAL_MONTHS, "the same total as above the list")
        totals = {kind["kind"]: kind["total"]["text"]["vi"] for kind in kinds}
        expect(
            totals["health"] == career.HEALTH_TEXT, f"{career.HEALTH_TEXT} from the bulk file, not {totals['health']}"
        )
        expect(all(bool(kind["message"]) == (kind["periods"] == 0) for kind in kinds), "an empty kind says so")


async def _unpaid(cast: Cast) -> None:
    with cast.report.step("the months an employer owes stand apart, with employer and amount"):
        kinds = (await cast.second_phone.get(cast.record.own("unpaid"))).body["kinds"]
        (owed,) = next(kind["periods"] for kind in kinds if kind["kind"] == "social")
        expect(owed["employer_code"] == career.SECOND, "the employer is named")
        expect(owed["span"]["months"] == career.UNPAID_MONTHS, "six months")
        expect(Decimal(owed["amount"]) == career.UNPAID_AMOUNT, f"{career.UNPAID_AMOUNT}, not {owed['amount']}")


async def _benefits(cast: Cast) -> None:
    with cast.report.step("benefits stand in four tabs, each with its own words where there is nothing yet"):
        for tab, count in _TABS.items():
            read = await see(cast.second_phone, cast.record.own(f"benefits/{tab}"), f"{tab} has {count}", _has(count))
            expect(bool(read.body["nothing_yet"]) == (count == 0), "words where there is nothing")
    with cast.report.step("a benefit opens its detail, with what was paid"):
        (line,) = (await cast.second_phone.get(cast.record.own("benefits/unemployment"))).body["benefits"]
        path = cast.record.own(f"benefits/unemployment/{line['benefit_id']}")
        shown = (await cast.second_phone.get(path)).body
        expect([Decimal(payment["amount"]) for payment in shown["payments"]] == [Decimal(4592593)], "one payment")


async def _card(cast: Cast) -> None:
    with cast.report.step("the health card is there, and valid today"):
        page = await see(
            cast.second_phone, cast.record.own("card"), "a card is shown", lambda answer: bool(answer.body["card"])
        )
        card = page.body["card"]
        expect(card["state"] == "valid" and card["full_name"] == cast.citizen.full_name, "valid, and the citizen's")
    with cast.report.step("a facility scans its code and sees that it is valid, without an account"):
        code = (await cast.second_phone.get(cast.record.own("card/qr"))).body["payload"]
        checked = (await cast.guest.post("/records/v1/public/card-checks", {"payload": cast.saw(code)})).body
        expect(checked["valid"] is True, "the card is valid")
        expect(checked["holder"]["full_name"] == cast.citizen.full_name, "whom to compare is shown")
    with cast.report.step("a code that somebody changed is refused"):
        forged = {"payload": code.swapcase()}
        await cast.guest.post("/records/v1/public/card-checks", forged, status=422)


async def _visits(cast: Cast) -> None:
    with cast.report.step("the examination book has its years, newest first, and each visit's costs by who bears them"):
        book = await see(
            cast.second_phone,
            cast.record.own("visits"),
            "two years",
            lambda answer: len(answer.body["years"]) == len(_YEARS),
        )
        expect([year["year"] for year in book.body["years"]] == _YEARS, "newest first")
        year = (await cast.second_phone.get(cast.record.own("visits/2024"))).body
        (visit,) = year["visits"]
        costs = {name: Decimal(visit["costs"][name]) for name in ("total", "fund", "patient")}
        expect(costs == {"total": 500_000, "fund": 400_000, "patient": 100_000}, f"who bears what, not {costs}")
        expect(visit["disease_name"] == career.DIAGNOSIS, "the diagnosis is the citizen's to read")


def _has(count: int) -> Callable[[Answer], bool]:
    return lambda answer: len(answer.body["benefits"]) == count


def _period(cast: Cast, period_id: str) -> str:
    return cast.record.own(f"participation/social/periods/{period_id}")
