import unicodedata

import pytest
from ansinh_kit.errors import FieldViolation, InvalidFieldsError
from auth.domain.common_passwords import common_passwords
from auth.domain.passwords import PasswordRules, folded, normalised
from hypothesis import given
from hypothesis import strategies as st

rules = PasswordRules(common=common_passwords())
CONTEXT = ("0123456789", "066185000001", "Nguyễn Thị Hoa", "+84912345678", "hoa.nguyen@example.vn")


def refused_for(password: str) -> list[str]:
    fault = rules.fault(password, CONTEXT)
    return [] if fault is None else [fault.rule]


@pytest.mark.sec("LIM-01")
@pytest.mark.sec("SEC-31")
def test_fifteen_characters_are_enough_and_fourteen_are_not() -> None:
    assert refused_for("mèo ngủ trên t") == ["too_short"]
    assert refused_for("mèo ngủ trên tủ") == []


@pytest.mark.sec("LIM-01")
def test_beside_a_bound_device_twelve_are_enough_and_eleven_are_not() -> None:
    assert rules.fault("mèo ngủ trê", CONTEXT, with_device=True) == FieldViolation(
        "password", "too_short", {"min_length": 12}
    )
    assert rules.fault("mèo ngủ trên", CONTEXT, with_device=True) is None
    assert rules.needs_device("mèo ngủ trên t")
    assert not rules.needs_device("mèo ngủ trên tủ")


@pytest.mark.sec("LIM-03")
def test_common_passwords_are_refused_at_that_length_too() -> None:
    refused = [rules.fault(password, with_device=True) for password in ("123456789012", "qwertyuiopas", "matkhaubhxh1")]
    assert [fault and fault.rule for fault in refused] == ["too_common"] * 3


@pytest.mark.sec("LIM-01")
@pytest.mark.parametrize("shortest", [7, 16])
def test_no_setting_lowers_it_below_eight_or_above_that_of_a_password_alone(shortest: int) -> None:
    with pytest.raises(ValueError, match="LIM-01"):
        PasswordRules(shortest_with_device=shortest)


@pytest.mark.sec("LIM-01")
@pytest.mark.sec("SEC-31")
def test_no_setting_lowers_the_length_below_fifteen() -> None:
    with pytest.raises(ValueError, match="LIM-01"):
        PasswordRules(shortest=14)


@pytest.mark.sec("LIM-02")
@pytest.mark.sec("SEC-36")
@pytest.mark.parametrize(("length", "faults"), [(64, []), (128, []), (129, ["too_long"])])
def test_up_to_128_code_points_are_accepted(length: int, faults: list[str]) -> None:
    assert refused_for(("xanh lá và cây " * 10)[:length]) == faults


@pytest.mark.sec("LIM-02")
def test_length_is_counted_after_composition() -> None:
    assert refused_for(unicodedata.normalize("NFD", "ế" * 14)) == ["too_short"]
    assert refused_for(unicodedata.normalize("NFD", "ế ộ ữ ạ ở ỷ ắ ồ " * 8)) == []


@pytest.mark.sec("SEC-34")
@pytest.mark.parametrize("password", ["aaaaaaaaaaaaaaab", "chỉ có chữ thường thôi", "48151623421234987"])
def test_no_kind_of_character_is_required(password: str) -> None:
    assert refused_for(password) == []


@pytest.mark.sec("SEC-33")
@pytest.mark.parametrize(
    "password",
    [
        "123456789012345",
        "passwordpassword",
        "Anh Yêu Em Nhiều Lắm",
        "qwertyuiopasdfghjkl",
        "MatKhauMatKhau123",
        "aaaaaaaaaaaaaaa",
    ],
)
def test_common_passwords_are_refused_and_said_to_be_common(password: str) -> None:
    assert refused_for(password) == ["too_common"]


@pytest.mark.sec("LIM-03")
@pytest.mark.sec("SEC-38")
@pytest.mark.parametrize(
    "password",
    [
        "nguyenthihoa1985",
        "Nguyễn Thị Hoa 2026",
        "0123456789-0912345678",
        "hoanguyen066185000001",
        "baohiemxahoi-hoa-bhxh",
    ],
)
def test_a_password_made_of_what_others_know_is_refused(password: str) -> None:
    assert refused_for(password) == ["made_of_known_words"]


@pytest.mark.sec("LIM-03")
def test_a_known_word_among_own_words_is_accepted() -> None:
    assert refused_for("hoa hồng leo kín tường rào") == []


@pytest.mark.sec("LIM-03")
def test_at_least_3000_common_passwords_pass_the_length_rule() -> None:
    common = common_passwords()
    for shortest in (12, 15):
        assert sum(len(password) >= shortest for password in common) >= 3000
    assert all(len(password) >= 12 for password in common)
    assert all(folded(password) == password for password in common)


def test_a_refusal_names_the_field_and_the_limit() -> None:
    with pytest.raises(InvalidFieldsError) as refusal:
        rules.check("ngắn")
    assert refusal.value.violations == (FieldViolation("password", "too_short", {"min_length": 15}),)


def test_half_of_a_character_is_not_text() -> None:
    assert refused_for("\ud800" + "a" * 20) == ["not_text"]


@given(st.text(max_size=200))
@pytest.mark.sec("SEC-35")
def test_any_text_is_judged_and_both_spellings_are_the_same_password(text: str) -> None:
    assert rules.fault(text) == rules.fault(unicodedata.normalize("NFD", text))
    assert normalised(normalised(text)) == normalised(text)
