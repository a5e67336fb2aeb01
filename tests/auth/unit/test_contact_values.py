import pytest
from auth.domain.contact_values import comparable, looks_like_a_company, masked, mobile_phone, normal_value
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("typed", ["0912345678", "0912 345 678", "84912345678", "+84 912-345-678", "0912.345.678"])
def test_a_mobile_number_has_one_stored_form(typed: str) -> None:
    assert mobile_phone(typed) == "+84912345678"


@pytest.mark.sec("LIM-11")
@pytest.mark.parametrize("typed", ["", "091234567", "0212345678", "+1 212 555 0100", "٠٩١٢٣٤٥٦٧٨", "0912345678a"])
def test_anything_else_is_no_vietnamese_mobile_number(typed: str) -> None:
    assert mobile_phone(typed) is None


@given(st.text(max_size=30))
def test_a_stored_number_is_its_own_form(typed: str) -> None:
    stored = mobile_phone(typed)
    assert stored is None or mobile_phone(stored) == stored


def test_an_address_is_the_same_however_it_is_spelled() -> None:
    assert comparable("email", "Hoa@Example.vn") == comparable("email", "hoa@example.vn")
    assert comparable("phone", "+84912345678") == comparable("second_phone", "+84912345678")
    assert normal_value("email", "Hoa@EXAMPLE.vn") == "Hoa@example.vn"


@pytest.mark.req("U-07")
@pytest.mark.parametrize(
    ("address", "company"),
    [
        ("hoa.nguyen@gmail.com", False),
        ("hoa@yahoo.com.vn", False),
        ("hoa+bhxh@outlook.com", False),
        ("hoa.nguyen@congty.com.vn", True),
        ("hoa@ubnd.gov.vn", True),
        ("ketoan@gmail.com", True),
        ("HR+hoa@gmail.com", True),
    ],
)
def test_an_address_of_an_employer_is_recognised(address: str, *, company: bool) -> None:
    assert looks_like_a_company(address) is company


def test_a_screen_shows_little_of_a_contact() -> None:
    assert masked("phone", "+84912345678") == "••• ••• 678"
    assert masked("email", "hoa@example.vn") == "h•••@example.vn"
