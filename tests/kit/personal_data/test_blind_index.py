import pytest
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.personal_data.blind_index import BlindIndex
from hypothesis import assume, given
from hypothesis import strategies as st

OLD = NamedKey("2025", b"o" * 32)
NEW = NamedKey("2026", b"n" * 32)


@given(value=st.text())
def test_equal_values_of_a_field_have_equal_indexes(value: str) -> None:
    index = BlindIndex(KeyList((NEW,)))
    assert index.of("phone", value) == BlindIndex(KeyList((NEW,))).of("phone", value)


@given(one=st.text(), other=st.text())
def test_different_values_have_different_indexes(one: str, other: str) -> None:
    assume(one != other)
    index = BlindIndex(KeyList((NEW,)))
    assert index.of("phone", one) != index.of("phone", other)


@pytest.mark.sec("PII-05")
def test_one_value_in_two_fields_cannot_be_matched() -> None:
    index = BlindIndex(KeyList((NEW,)))
    assert index.of("phone", "0912345678") != index.of("social_insurance_number", "0912345678")


def test_an_index_is_64_hex_digits_without_the_value() -> None:
    index = BlindIndex(KeyList((NEW,))).of("phone", "0912345678")
    assert len(bytes.fromhex(index)) == 32
    assert "0912345678" not in index


def test_while_keys_rotate_the_newest_writes_and_all_find() -> None:
    before = BlindIndex(KeyList((OLD,)))
    rotating = BlindIndex(KeyList((NEW, OLD)))
    after = BlindIndex(KeyList((NEW,)))
    value = ("phone", "+84912345678")
    assert rotating.of(*value) == after.of(*value) != before.of(*value)
    assert rotating.all_of(*value) == (after.of(*value), before.of(*value))
