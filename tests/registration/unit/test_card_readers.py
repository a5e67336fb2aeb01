"""QR codes of cards: the samples, the tolerances, and what hostile payloads may do (nothing)."""

import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from registration.domain.address_match import Unit, match_address
from registration.domain.qr.read import read_card
from registration.domain.qr.reading import CardReading, UnreadableQrError

FULL_HEALTH_CARD = (
    "DN4666600000018|4e677579e1bb856e2056c4836e204de1baab75|17/03/1990|1|"
    "53e1bb912031205068e1bb91205468e1bbad204e676869e1bb876d|66 - 001|01/01/2021|-|15/12/2020|"
    "66016600000018|-|4|01/01/2026|0123456789abcdef-7102|$"
)
CHILD_HEALTH_CARD = (
    "TE1666600000026|4e677579e1bb856e2042c3a9204de1baab75|2020|0||66 – 001|1/1/2021|31/12/2026|15/12/2020|"
    "66016600000026|5472e1baa76e205468e1bb8b205468e1bbad|1|-"
)
CITIZEN_CARD = (
    "066090000018|240000018|Nguyễn Văn Mẫu|17031990|Nam|Số 1, Phố Thử Nghiệm, Tân Lợi, Buôn Ma Thuột, Đắk Lắk|15042021"
)
SHORT_CITIZEN_CARD = "066090000018|Nguyễn Văn Mẫu|17/03/1990|Nam|Số 1, Phố Thử Nghiệm, Tân Lợi, Đắk Lắk|15/04/2021|"


@pytest.mark.req("S-76")
def test_a_health_card_gives_number_and_name() -> None:
    card = read_card(FULL_HEALTH_CARD)
    assert card.card == "health_card"
    assert card.social_insurance_number == "6600000018"
    assert card.full_name == "Nguyễn Văn Mẫu"
    assert card.birth_date == date(1990, 3, 17)
    assert card.sex == "male"
    assert card.address_line == "Số 1 Phố Thử Nghiệm"
    assert card.unreadable == frozenset()


def test_a_childs_health_card_with_its_tail_missing_is_read() -> None:
    card = read_card(CHILD_HEALTH_CARD)
    assert card.full_name == "Nguyễn Bé Mẫu"
    assert (card.birth_date, card.birth_year, card.sex) == (None, 2020, "female")
    assert card.address_line is None
    assert card.unreadable == frozenset()


@pytest.mark.parametrize("change", [str.upper, lambda text: f"{text}\r\n", lambda text: text.removesuffix("|$")])
def test_a_health_card_is_read_in_capitals_with_line_end_or_without_end_mark(change: object) -> None:
    assert callable(change)
    assert read_card(change(FULL_HEALTH_CARD)) == read_card(FULL_HEALTH_CARD)


@pytest.mark.req("S-77")
def test_a_citizen_card_gives_identity_name_and_address() -> None:
    card = read_card(CITIZEN_CARD)
    assert card.card == "citizen_card"
    assert card.identity is not None
    assert (card.identity.kind, card.identity.number) == ("citizen_id", "066090000018")
    assert card.full_name == "Nguyễn Văn Mẫu"
    assert (card.birth_date, card.sex) == (date(1990, 3, 17), "male")
    assert card.address_line == "Số 1, Phố Thử Nghiệm, Tân Lợi, Buôn Ma Thuột, Đắk Lắk"


def test_a_citizen_card_of_six_fields_is_told_apart_by_its_name() -> None:
    card = read_card(SHORT_CITIZEN_CARD)
    assert (card.full_name, card.birth_date) == ("Nguyễn Văn Mẫu", date(1990, 3, 17))
    without_old_number = CITIZEN_CARD.replace("240000018", "")
    assert read_card(without_old_number) == read_card(CITIZEN_CARD)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: f"{text}||",
        lambda text: f"{text}\n",
        lambda text: f"{text}|x|y",
    ],
)
def test_a_citizen_card_is_read_decomposed_with_trailing_marks_and_with_extra_fields(change: object) -> None:
    assert callable(change)
    assert read_card(change(CITIZEN_CARD)) == read_card(CITIZEN_CARD)


def test_a_keyboard_scanner_may_lose_the_marks() -> None:
    card = read_card("066190000018||Tran Thi Thu|17031990|Nu|So 1, Tan Loi, Dak Lak|15042021")
    assert (card.full_name, card.sex) == ("Tran Thi Thu", "female")


@pytest.mark.req("S-78")
@pytest.mark.parametrize(
    ("payload", "defect"),
    [
        ("", "empty"),
        ("|||", "empty"),
        ("https://example.com", "unknown_card"),
        ("066090000018|a|b|c|d", "too_few_fields"),
        ("DN4666600000018|41", "too_few_fields"),
        ("|".join(["066090000018"] * 40), "too_many_fields"),
        ("x" * 100_000, "too_long"),
    ],
)
def test_a_code_that_is_no_card_is_refused_with_the_reason(payload: str, defect: str) -> None:
    with pytest.raises(UnreadableQrError) as refusal:
        read_card(payload)
    assert refusal.value.defect == defect


@pytest.mark.parametrize(
    ("payload", "unreadable"),
    [
        ("DN4666600000018|4e6|17/03/1990|1", {"full_name"}),
        ("DN4666600000018|ff|17/03/1990|1", {"full_name"}),
        ("DN4666600000018|3c623e|17/03/1990|1", {"full_name"}),
        ("DN4666600000018|4de1baab75|31/02/1990|1", {"birth_date"}),
        ("DN4666600000018|4de1baab75|17/03/1990|1|e1bb9", {"address"}),
        ("DN4666A19000001|4de1baab75|17/03/1990|1", {"social_insurance_number"}),
        ("066090000018||<script>|31021990|?|Tân Lợi|15042021", {"full_name", "birth_date", "sex"}),
    ],
)
def test_a_damaged_field_is_named_and_the_others_are_read(payload: str, unreadable: set[str]) -> None:
    assert read_card(payload).unreadable == unreadable


almost_cards = st.lists(st.text(max_size=30) | st.sampled_from(FULL_HEALTH_CARD.split("|")), max_size=45).map("|".join)


@given(
    st.text(max_size=300)
    | almost_cards.map(lambda tail: f"066090000018|{tail}")
    | almost_cards.map(lambda tail: f"DN4666600000018|{tail}")
)
@example("066090000018|\ud800|x|x|x|x|x")
@example("DN4666600000018|e1|00/00/0000|1|\u0660\u0660")
def test_a_payload_is_a_reading_or_the_one_refusal(payload: str) -> None:
    try:
        card = read_card(payload)
    except UnreadableQrError:
        return
    assert isinstance(card, CardReading)


UNITS = [
    Unit("with_districts", "643", "Thành phố Buôn Ma Thuột", "66", is_district=True),
    Unit("with_districts", "24121", "Phường Tân Lợi", "66", "643"),
    Unit("without_districts", "24133", "Phường Tân Lợi", "66"),
]


def test_an_address_with_a_district_is_matched_in_the_old_layout() -> None:
    found = match_address("Số 1, Phố Thử Nghiệm, Tân Lợi, Buôn Ma Thuột, Đắk Lắk", UNITS)
    assert found is not None
    assert found.model_dump() == {
        "layout": "with_districts",
        "province_code": "66",
        "district_code": "643",
        "ward_code": "24121",
        "street": "Số 1, Phố Thử Nghiệm",
    }


def test_an_address_without_a_district_is_matched_in_the_new_layout() -> None:
    found = match_address("So 1, P. Tan Loi, tinh Dak Lak", UNITS)
    assert found is not None
    assert (found.layout, found.ward_code, found.street) == ("without_districts", "24133", "So 1")


def test_an_unknown_ward_stays_open_and_an_unknown_province_matches_nothing() -> None:
    found = match_address("Số 1, Xã Lạ, Đắk Lắk", UNITS)
    assert found is not None
    assert (found.ward_code, found.street) == (None, "Số 1, Xã Lạ")
    assert match_address("Số 1, Atlantis", UNITS) is None
    assert match_address(" , ", UNITS) is None
