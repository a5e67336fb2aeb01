"""Rows of visits: each bad cell with its rule, and the sums of the costs."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.feeding.refusal import RowRefusedError
from records.domain.visits.check import check_visit
from records.domain.visits.entry import VisitEntry
from records.domain.visits.visit import Visit

from tests.records import rows

AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2)


def refusals(**cells: str) -> list[tuple[str, str]]:
    with pytest.raises(RowRefusedError) as refused:
        rows.visit(**cells)
    return [(violation.field, violation.rule) for violation in refused.value.violations]


@pytest.mark.parametrize(
    ("field", "raw", "rule"),
    [
        ("dossier_id", "", "required"),
        ("dossier_id", "LK/1", "dossier_id"),
        ("dossier_id", "A" * 101, "dossier_id"),
        ("facility_code", "6600", "facility_code"),
        ("facility_name", "", "required"),
        ("facility_name", "\u202eMẫu", "plain_line"),
        ("kind", "ward", "visit_kind"),
        ("admitted_at", "31/02/2024 08:00", "moment"),
        ("admitted_at", "30/12/2024 24:00", "moment"),
        ("admitted_at", "03/01/2025", "from_after_to"),
        ("discharged_at", "02/01/2027", "day_in_the_future"),
        ("disease_name", "...", "plain_line"),
        ("main_icd10", "J2", "icd10"),
        ("further_icd10", "I10;X", "icd10"),
        ("further_icd10", ";".join(f"A{n:02}" for n in range(13)), "icd10"),
        ("facility_name", "a" * 201, "plain_line"),
        ("next_appointment", "01/01/2025", "from_after_to"),
        ("discharge_status", "5", "discharge_status"),
        ("outcome", "9", "treatment_outcome"),
        ("total_cost", "-1", "amount"),
        ("total_cost", "1,500,000", "amount"),
        ("total_cost", "1e6", "amount"),
        ("total_cost", "NaN", "amount"),
        ("total_cost", "12345678901234", "amount"),
        ("in_scope", "1.234", "amount"),
        ("copayment", "", "required"),
        ("settlement_month", "13/2024", "month"),
    ],
)
def test_a_bad_cell_is_named_with_its_rule(field: str, raw: str, rule: str) -> None:
    assert ("discharged_at" if rule == "from_after_to" and field == "admitted_at" else field, rule) in refusals(
        **{field: raw}
    )


def test_everything_wrong_with_a_row_is_told_at_once() -> None:
    assert refusals(main_icd10="?", outcome="", facility_code="1") == [
        ("facility_code", "facility_code"),
        ("main_icd10", "icd10"),
        ("outcome", "required"),
    ]


@pytest.mark.parametrize(
    ("cells", "field", "rule"),
    [
        ({"total_cost": "1500000.01"}, "total_cost", "cost_total"),
        ({"other_sources": "0.01"}, "total_cost", "cost_total"),
        ({"fund_paid": "960000.41"}, "fund_paid", "cost_fund"),
        ({"copayment": "1200000.51", "fund_paid": "0"}, "copayment", "cost_copayment"),
        ({"drugs_cost": "1400000.01"}, "drugs_cost", "cost_parts"),
    ],
)
def test_a_sum_that_does_not_come_out_is_refused(cells: dict[str, str], field: str, rule: str) -> None:
    assert (field, rule) in refusals(**cells)


@given(fund=AMOUNTS, copayment=AMOUNTS, out=AMOUNTS, other=AMOUNTS, slip=st.sampled_from(["0", "0.01", "1000"]))
def test_costs_are_taken_exactly_if_every_share_adds_up(
    fund: Decimal, copayment: Decimal, out: Decimal, other: Decimal, slip: str
) -> None:
    cells = {
        "in_scope": str(fund + copayment),
        "fund_paid": str(fund),
        "copayment": str(copayment),
        "out_of_scope": str(out),
        "other_sources": str(other),
        "total_cost": str(fund + copayment + out + other + Decimal(slip)),
        "drugs_cost": "0",
        "supplies_cost": "0",
    }
    if Decimal(slip):
        assert refusals(**cells) == [("total_cost", "cost_total")]
        return
    costs = rows.visit(**cells).costs
    assert costs.fund + costs.patient + costs.other_sources == costs.total


@pytest.mark.req("S-45")
def test_a_visit_over_new_year_belongs_to_the_year_of_its_discharge() -> None:
    assert rows.visit().year == 2025
    assert rows.visit(discharged_at="31/12/2024 23:59").year == 2024


@pytest.mark.parametrize(
    ("kind", "out", "days"),
    [("inpatient", "02/01/2025 10:00", 4), ("day_patient", "30/12/2024 17:00", 1), ("outpatient", "05/01/2025", 0)],
)
def test_days_of_a_stay_count_both_ends_and_out_patients_have_none(kind: str, out: str, days: int) -> None:
    assert rows.visit(kind=kind, discharged_at=out).inpatient_days == days


def test_a_visit_reads_from_json_as_it_was_written() -> None:
    visit = rows.visit()
    assert Visit.model_validate_json(visit.model_dump_json()) == visit


@given(st.fixed_dictionaries({}, optional={name: st.text(max_size=30) for name in VisitEntry.model_fields}))
def test_whatever_is_sent_is_a_visit_or_a_refusal(cells: dict[str, str]) -> None:
    with contextlib.suppress(RowRefusedError):
        check_visit(VisitEntry(**rows.visit_row(**cells)), now=rows.NOW)
