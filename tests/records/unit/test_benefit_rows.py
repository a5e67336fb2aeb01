"""Rows of benefits, payments and stops: each bad cell with its rule."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.benefits.check import check_benefit
from records.domain.benefits.entry import BenefitEntry
from records.domain.benefits.kinds import KIND_LABELS, NOTHING_YET, TAB_LABELS, TABS
from records.domain.benefits.paying_entry import check_payment, check_stop
from records.domain.benefits.unemployment import benefits_taken
from records.domain.counting.unemployment import BenefitTaken
from records.domain.feeding.refusal import RowRefusedError
from records.domain.month import Month

from tests.records import rows


def refusals(kind: str = "pension", /, **cells: str) -> list[tuple[str, str]]:
    with pytest.raises(RowRefusedError) as refused:
        rows.benefit(kind, **cells)
    return [(violation.field, violation.rule) for violation in refused.value.violations]


@pytest.mark.parametrize(
    ("kind", "field", "raw", "rule"),
    [
        ("pension", "kind", "bonus", "benefit_kind"),
        ("pension", "kind", "", "required"),
        ("pension", "decision_number", "", "required"),
        ("pension", "decision_number", "số 1", "decision_number"),
        ("pension", "decided_on", "31/02/2020", "day"),
        ("pension", "decided_on", "23/11/2026", "day_in_the_future"),
        ("pension", "agency_code", "6", "agency_code"),
        ("pension", "from_date", "", "required"),
        ("pension", "to_date", "30/04/2022", "from_after_to"),
        ("pension", "amount", "-5", "amount"),
        ("pension", "amount", "=1+1", "amount"),
        ("pension", "payee", "12", "person_name"),
        ("pension", "method", "gold", "pay_method"),
        ("pension", "pay_place", "\u200b", "plain_line"),
        ("pension", "days", "5", "not_in_this_kind"),
        ("lump_sum", "months_before_2014", "-1", "count"),
        ("lump_sum", "months_since_2014", "1.5", "count"),
        ("lump_sum", "average_wage", "x", "amount"),
        ("lump_sum", "pay_place", "Mẫu", "not_in_this_kind"),
        ("sickness", "days", "", "required"),
        ("sickness", "days", "0", "days_of_leave"),
        ("sickness", "days", "6", "days_of_leave"),
        ("sickness", "base_pay", "1.234", "amount"),
        ("sickness", "rate_percent", "101", "rate_percent"),
        ("sickness", "batch", "...", "plain_line"),
        ("unemployment_benefit", "months_allowed", "2", "unemployment_months"),
        ("unemployment_benefit", "months_allowed", "13", "unemployment_months"),
        ("unemployment_benefit", "months_used", "4", "unemployment_months"),
        ("unemployment_benefit", "months_reserved", "x", "count"),
        ("unemployment_benefit", "job_search_notices", "x", "count"),
    ],
)
def test_a_bad_cell_is_named_with_its_rule(kind: str, field: str, raw: str, rule: str) -> None:
    assert (field, rule) in refusals(kind, **{field: raw})


@pytest.mark.parametrize(
    ("field", "raw", "rule"),
    [
        ("kind", "", "required"),
        ("decision_number", "", "required"),
        ("from_date", "x", "day"),
        ("paid_on", "23/11/2026", "day_in_the_future"),
        ("amount", "", "required"),
        ("method", "x", "pay_method"),
        ("for_month", "2022-06", "month"),
    ],
)
def test_a_bad_cell_of_a_payment_is_named_with_its_rule(field: str, raw: str, rule: str) -> None:
    with pytest.raises(RowRefusedError) as refused:
        check_payment(rows.payment_entry(**{field: raw}), today=rows.TODAY)
    assert (field, rule) in [(violation.field, violation.rule) for violation in refused.value.violations]


@pytest.mark.parametrize(("field", "rule"), [("stopped_on", "required"), ("reason", "required")])
def test_a_stop_needs_its_day_and_its_reason(field: str, rule: str) -> None:
    with pytest.raises(RowRefusedError) as refused:
        check_stop(rows.stop_entry(**{field: " "}))
    assert [(violation.field, violation.rule) for violation in refused.value.violations] == [(field, rule)]


def test_every_tab_and_kind_has_its_words() -> None:
    assert set(TAB_LABELS) == set(NOTHING_YET) == set(TABS)
    assert len({text.vi for text in NOTHING_YET.values()}) == len(TABS)
    assert len({text.vi for text in KIND_LABELS.values()}) == 12


@pytest.mark.req("S-38")
def test_the_tabs_are_called_as_the_guide_calls_them() -> None:
    assert [TAB_LABELS[tab].vi for tab in TABS] == [
        "BHXH một lần",
        "Ốm đau, thai sản, DSPHSK",
        "BHXH hàng tháng",
        "BHTN",
    ]


def test_received_unemployment_benefits_are_told_as_the_counting_of_months_takes_them() -> None:
    later = rows.benefit("unemployment_benefit", from_date="01/04/2026", to_date="", decision_number="9")
    none_received = rows.benefit("unemployment_benefit", months_used="0", decision_number="8")
    taken = benefits_taken([later, rows.benefit(), none_received, rows.benefit("unemployment_benefit")])
    assert taken == (BenefitTaken(Month.of(2023, 4), 3), BenefitTaken(Month.of(2026, 4), 3))


@given(
    st.sampled_from(["lump_sum", "sickness", "pension", "unemployment_benefit"]),
    st.fixed_dictionaries({}, optional={name: st.text(max_size=20) for name in BenefitEntry.model_fields}),
)
def test_whatever_is_sent_is_a_benefit_or_a_refusal(kind: str, cells: dict[str, str]) -> None:
    with contextlib.suppress(RowRefusedError):
        check_benefit(BenefitEntry(**(rows.benefit_row(kind) | cells)), today=rows.TODAY)
