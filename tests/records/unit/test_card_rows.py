"""Rows of cards: each bad cell with its rule; and what a card is worth on a day."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.cards.card import Card, HeldCard, card_to_show, state_on
from records.domain.cards.entry import CardEntry, check_card
from records.domain.feeding.refusal import RowRefusedError

from tests.records import rows

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def refusals(**cells: str) -> list[tuple[str, str]]:
    with pytest.raises(RowRefusedError) as refused:
        rows.card(**cells)
    return [(violation.field, violation.rule) for violation in refused.value.violations]


@pytest.mark.parametrize(
    ("field", "raw", "rule"),
    [
        ("card_number", "", "required"),
        ("card_number", "DN466660000001", "card_number"),
        ("card_number", "DN6666600000018", "card_number"),
        ("card_number", "DN46666000000ı8", "card_number"),
        ("social_insurance_number", "660000001", "social_insurance_number"),
        ("social_insurance_number", "6600000026", "card_insurance_number"),
        ("full_name", "N", "person_name"),
        ("full_name", "Нгуен Мау", "person_name"),
        ("full_name", "<b>Mẫu</b>", "person_name"),
        ("sex", "x", "sex"),
        ("birth", "31/02/1990", "birth"),
        ("birth", "90", "birth"),
        ("birth", "02/01/2026", "born_after_start"),
        ("birth", "2027", "born_after_start"),
        ("address", "a\tb", "plain_line"),
        ("facility_code", "AB001", "facility_code"),
        ("facility_name", "", "required"),
        ("valid_from", "31/02/2026", "day"),
        ("valid_from", "0001-01-01", "day"),
        ("valid_to", "31/12/2025", "from_after_to"),
        ("issued_on", "23/11/2026", "day_in_the_future"),
        ("issuing_agency_code", "0660", "agency_code"),
        ("five_year_date", "soon", "day"),
        ("copayment_exempt_from", "32/01/2026", "day"),
        ("living_area", "K4", "living_area"),
        ("parent_name", "1", "person_name"),
        ("replaces", "DN4", "card_number"),
    ],
)
def test_a_bad_cell_is_named_with_its_rule(field: str, raw: str, rule: str) -> None:
    assert (field, rule) in refusals(**{field: raw})


def test_subject_and_level_are_checked_by_the_lists_of_the_day_of_issue() -> None:
    before = {"issued_on": "30/06/2025"}
    assert refusals(card_number="ZZ4666600000018", **before) == [("card_number", "card_subject_code")]
    assert refusals(card_number="DN1666600000018", **before) == [("card_number", "card_benefit_level")]
    assert rows.card(card_number="ZZ4666600000018", issued_on="01/07/2025").subject_code == "ZZ"


def test_an_old_number_ends_with_characters_of_its_own() -> None:
    assert rows.card(card_number="DN4666A19000001").benefit_percent == 80


def test_numbers_and_codes_are_kept_without_what_people_write_between() -> None:
    card = rows.card(card_number="dn 4 66 6600000018", facility_code="66 – 001", sex="Nam")
    assert (card.card_number, card.facility_code, card.sex) == (rows.CARD_NUMBER, "66001", "male")


def test_of_old_papers_the_year_of_birth_is_enough() -> None:
    card = rows.card(birth="1990")
    assert (card.birth_date, card.birth_year) == (None, 1990)


@pytest.mark.req("S-44")
@given(day=DAYS, start=DAYS, length=st.none() | st.integers(0, 800), withdrawn=st.none() | DAYS)
def test_a_card_is_valid_exactly_from_its_first_to_its_last_day_unless_withdrawn(
    day: date, start: date, length: int | None, withdrawn: date | None
) -> None:
    end = None if length is None else start + timedelta(days=length)
    card = rows.card().model_copy(update={"valid_from": start, "valid_to": end})
    within = start <= day and (end is None or day <= end)
    standing = withdrawn is None or day < withdrawn
    assert (state_on(card, withdrawn, day) == "valid") == (within and standing)


@pytest.mark.req("S-44")
def test_a_card_is_valid_through_its_last_day_and_not_a_day_longer() -> None:
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    states = [state_on(rows.card(), None, day) for day in days]
    assert states == ["not_yet_valid", "valid", "valid", "expired"]


@given(st.lists(st.tuples(DAYS, st.integers(0, 800), st.booleans()), max_size=5), DAYS)
def test_the_valid_card_is_shown_before_any_other(spans: list[tuple[date, int, bool]], day: date) -> None:
    held = [
        HeldCard(
            card_id=f"{index:032}",
            card=rows.card().model_copy(
                update={"valid_from": start, "valid_to": start + timedelta(days=length)},
            ),
            withdrawn_on=start if withdrawn else None,
        )
        for index, (start, length, withdrawn) in enumerate(spans)
    ]
    shown = card_to_show(held, day)
    assert (shown is None) == (not held)
    assert any(each.state_on(day) == "valid" for each in held) == (shown is not None and shown.state_on(day) == "valid")


def test_a_card_reads_from_json_as_it_was_written() -> None:
    assert Card.model_validate_json(rows.card().model_dump_json()) == rows.card()


@given(st.fixed_dictionaries({}, optional={name: st.text(max_size=30) for name in CardEntry.model_fields}))
def test_whatever_is_sent_is_a_card_or_a_refusal(cells: dict[str, str]) -> None:
    with contextlib.suppress(RowRefusedError):
        check_card(CardEntry(**rows.card_row(**cells)), today=rows.TODAY)
