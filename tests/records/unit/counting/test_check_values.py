"""Worked examples: the check values of the domain text, and one example for every rule."""

from decimal import Decimal

import pytest
from records.domain.counting.count import Count, count
from records.domain.counting.duration import show
from records.domain.counting.explanation import LeftOut, Line
from records.domain.counting.overlaps import Overlap
from records.domain.counting.rows import Row
from records.domain.counting.rules import RULES
from records.domain.counting.span import Span
from records.domain.counting.unemployment import BenefitTaken, ui_months, unused_months
from records.domain.counting.unpaid import UnpaidPeriod
from records.domain.kind import KINDS, Kind
from records.domain.month import Month

from tests.records.unit.counting.rows import row

A, B = "TA0001Z", "TB0002Z"
TWO_EMPLOYERS = [
    row("01/2019-12/2020", A),
    row("11/2020-03/2021", B),
    row("04/2021-06/2021", B, status="unpaid"),
]


def span(months: str) -> Span:
    first, last = months.split("-")
    return Span(Month.parse(first), Month.parse(last))


@pytest.mark.req("S-36")
def test_two_employers_one_of_them_late() -> None:
    found = count("social", TWO_EMPLOYERS)

    assert show(found.total).vi == "2 năm 3 tháng"
    assert found.lines == (
        Line("paid_month", 24, A, (span("01/2019-12/2020"),)),
        Line("paid_month", 5, B, (span("11/2020-03/2021"),)),
        Line("counted_once", -2, None, (span("11/2020-12/2020"),)),
    )
    assert found.left_out == (LeftOut("unpaid_apart", 3, B, (span("04/2021-06/2021"),)),)
    assert found.overlaps == (Overlap(span("11/2020-12/2020"), (A, B), A),)


@pytest.mark.req("V-25")
def test_what_an_employer_owes_stands_apart() -> None:
    period_id = f"{B} 04/2021-06/2021"
    assert count("social", TWO_EMPLOYERS).unpaid == (
        UnpaidPeriod(B, span("04/2021-06/2021"), Decimal(15_000_000), "VND", (period_id,)),
    )


def test_a_range_counts_the_months_within_it() -> None:
    assert show(count("social", TWO_EMPLOYERS, span("01/2020-12/2020")).total).vi == "1 năm"


@pytest.mark.parametrize(("paid", "months"), [(11, 0), (12, 3), (36, 3), (47, 3), (48, 4), (144, 12), (150, 12)])
def test_paid_months_give_months_of_unemployment_benefit(paid: int, months: int) -> None:
    assert ui_months(paid) == months


@pytest.mark.req("S-30")
@pytest.mark.parametrize(
    ("months", "vi", "en"),
    [
        (0, "0 tháng", "0 months"),
        (1, "1 tháng", "1 month"),
        (24, "2 năm", "2 years"),
        (13, "1 năm 1 tháng", "1 year 1 month"),
        (89, "7 năm 5 tháng", "7 years 5 months"),
        (146, "12 năm 2 tháng", "12 years 2 months"),
    ],
)
def test_months_are_said_in_years_and_months(months: int, vi: str, en: str) -> None:
    assert (show(months).vi, show(months).en) == (vi, en)


def months_of(kind: Kind, *rows: Row) -> tuple[int, list[str]]:
    found: Count = count(kind, rows)
    return found.total, [entry.rule for entry in found.left_out]


def test_maternity_counts_for_social_insurance_without_payment_and_for_unemployment_not() -> None:
    leave = row("01/2020-06/2020", movement_code="TS", status="unpaid")

    assert months_of("social", leave) == (6, [])
    assert months_of("unemployment", leave) == (0, ["leave_not_counted"])


@pytest.mark.parametrize("code", ["OF", "KL"])
def test_sickness_and_unpaid_leave_count_for_neither_even_where_the_row_says_paid(code: str) -> None:
    leave = row("01/2020-02/2020", movement_code=code)

    assert months_of("social", leave) == (0, ["leave_not_counted"])
    assert months_of("unemployment", leave) == (0, ["leave_not_counted"])


@pytest.mark.parametrize("kind", ["accident", "health"])
def test_for_the_other_kinds_the_status_alone_decides(kind: Kind) -> None:
    assert months_of(kind, row("01/2020-02/2020", movement_code="OF")) == (2, [])


def test_unemployment_leave_before_the_scheme_began_is_not_ruled_on() -> None:
    assert months_of("unemployment", row("11/2008-02/2009", movement_code="KL")) == (2, ["leave_not_counted"])


@pytest.mark.parametrize("kind", KINDS)
def test_paid_beats_reserved_beats_unpaid(kind: Kind) -> None:
    paid, reserved = row("01/2020-01/2020", A), row("01/2020-02/2020", B, status="reserved")
    unpaid = row("01/2020-03/2020", "TC0003Z", status="unpaid")
    found = count(kind, [paid, reserved, unpaid])

    assert (found.total, found.reserved_months, found.unpaid_months) == (1, 1, 1)
    assert [(entry.rule, entry.employer_code, entry.months) for entry in found.left_out] == [
        ("reserved_apart", B, 1),
        ("better_status", B, 1),
        ("unpaid_apart", "TC0003Z", 1),
        ("better_status", "TC0003Z", 2),
    ]


def test_a_gap_is_named_and_breaks_nothing() -> None:
    found = count("social", [row("01/2019-03/2019"), row("06/2019-07/2019")])

    assert found.total == 5
    assert found.left_out == (LeftOut("gap_not_counted", 2, None, (span("04/2019-05/2019"),)),)


def test_three_employers_in_a_month_are_taken_off_twice() -> None:
    found = count("social", [row("01/2020-02/2020", code) for code in (A, B, "TC0003Z")])

    assert [line.months for line in found.lines] == [2, 2, 2, -4]
    assert found.total == 2


def test_an_overlap_counts_for_the_first_contract_but_for_health_for_the_best_paid() -> None:
    rows = [row("01/2020-03/2020", A, value=4_000_000), row("02/2020-03/2020", B, value=9_000_000)]

    assert [overlap.counted_for for overlap in count("social", rows).overlaps] == [A]
    assert [overlap.counted_for for overlap in count("health", rows).overlaps] == [B]


def test_an_overlap_that_counts_for_nobody_is_still_flagged() -> None:
    rows = [row("01/2020-01/2020", A, status="unpaid"), row("01/2020-01/2020", B, status="unpaid")]

    assert count("social", rows).overlaps == (Overlap(span("01/2020-01/2020"), (A, B), None),)


@pytest.mark.req("V-25")
def test_unpaid_rows_that_follow_each_other_are_one_period_and_a_coefficient_is_no_sum() -> None:
    rows = [
        row("01/2020-02/2020", A, status="unpaid", value=5_000_000),
        row("03/2020-03/2020", A, status="unpaid", value=6_000_000),
        row("05/2020-05/2020", A, status="unpaid", value=3),
        row("07/2020-07/2020", A, status="unpaid", value=None),
    ]
    assert [(period.span, period.amount) for period in count("social", rows).unpaid] == [
        (span("01/2020-03/2020"), Decimal(16_000_000)),
        (span("05/2020-05/2020"), None),
        (span("07/2020-07/2020"), None),
    ]


def test_the_unemployment_count_restarts_after_a_benefit_and_the_rest_stays_reserved() -> None:
    spans = count("unemployment", [row("01/2015-02/2019"), row("06/2019-12/2019")]).counted_spans
    left = unused_months(spans, [BenefitTaken(Month.parse("03/2019"), 4)])

    assert (left.paid, [use.used for use in left.uses], left.unused) == (57, [48], 9)


def test_a_short_history_is_used_up_whole() -> None:
    spans = count("unemployment", [row("01/2018-08/2019")]).counted_spans

    assert unused_months(spans, [BenefitTaken(Month.parse("09/2019"), 3)]).unused == 0


def test_every_rule_has_its_words_in_both_languages_and_its_source() -> None:
    for rule in RULES.values():
        assert all((rule.text.vi, rule.text.en, rule.source.vi, rule.source.en))
        assert rule.text.vi != rule.text.en
