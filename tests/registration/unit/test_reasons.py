"""Reasons of a rejection, as an officer enters them."""

import pytest
from registration.domain.reasons import REASON_CODES, REJECTABLE_FIELDS, ReasonEntry, check_reasons
from registration.domain.rules.refusal import FormRefusedError


def test_a_code_without_words_speaks_its_standard_text_in_the_declarants_language() -> None:
    entry = ReasonEntry(field="portrait", code="unreadable")
    assert check_reasons([entry], "vi")[0].text == "Ảnh mờ hoặc bị che, không đọc được."
    assert check_reasons([entry], "en")[0].text == "The photo is blurred or covered."


def test_the_officers_own_words_are_kept() -> None:
    entry = ReasonEntry(field="full_name", code="other", text=" Thiếu  tên đệm. ")
    assert check_reasons([entry], "vi")[0].text == "Thiếu tên đệm."


@pytest.mark.parametrize(
    ("entry", "place", "rule"),
    [
        (ReasonEntry(field="mood", code="other", text="x"), "reasons.0.field", "rejectable_field"),
        (ReasonEntry(field="agency_code", code="other", text="x"), "reasons.0.field", "rejectable_field"),
        (ReasonEntry(field="phone", code="unreadable"), "reasons.0.code", "reason_code"),
        (ReasonEntry(field="phone", code="other"), "reasons.0.text", "reason_text_needed"),
        (ReasonEntry(field="phone", code="other", text="a\u202eb"), "reasons.0.text", "plain_line"),
        (ReasonEntry(field="phone", code="other", text="x" * 501), "reasons.0.text", "plain_line"),
    ],
)
def test_a_wrong_reason_is_refused_with_its_place(entry: ReasonEntry, place: str, rule: str) -> None:
    with pytest.raises(FormRefusedError) as refusal:
        check_reasons([entry], "vi")
    assert [(found.field, found.rule.name) for found in refusal.value.refusals] == [(place, rule)]


def test_a_field_takes_one_reason() -> None:
    twice = [ReasonEntry(field="phone", code="not_reachable"), ReasonEntry(field="phone", code="incomplete")]
    with pytest.raises(FormRefusedError) as refusal:
        check_reasons(twice, "vi")
    assert [found.field for found in refusal.value.refusals] == ["reasons.1.field"]


def test_every_field_that_can_be_rejected_has_a_reason_of_its_own_and_every_reason_a_known_field() -> None:
    used = {field for code in REASON_CODES.values() for field in code.fields}
    assert used == set(REJECTABLE_FIELDS)
