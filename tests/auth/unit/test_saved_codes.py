import secrets

import pytest
from auth.domain.saved_codes import ALPHABET, LIST_LENGTH, SECRET_BITS, make_codes, normalised, place_of, shown
from hypothesis import given
from hypothesis import strategies as st

codes = st.text(alphabet=ALPHABET, min_size=16, max_size=16)


@pytest.mark.sec("LIM-21")
def test_a_saved_code_has_at_least_64_random_bits_and_uses_every_symbol() -> None:
    assert SECRET_BITS >= 64
    made = [code for _ in range(200) for code in make_codes(secrets.randbelow)]
    assert len(set(made)) == len(made)
    assert {symbol for code in made for symbol in code[1:]} == set(ALPHABET)


def test_a_list_has_each_place_once() -> None:
    assert [place_of(code) for code in make_codes(secrets.randbelow)] == list(range(LIST_LENGTH))


@given(codes)
def test_a_code_is_read_back_as_it_was_shown(code: str) -> None:
    assert normalised(shown(code)) == code


@given(codes, st.data())
def test_a_code_is_read_back_as_people_copy_it(code: str, data: st.DataObject) -> None:
    looks_like = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(
        data.draw(st.sampled_from(looks_like.get(symbol, symbol + symbol.lower()))) + data.draw(st.sampled_from("  -"))
        for symbol in code
    )
    assert normalised(f" {typed}") == code


@pytest.mark.parametrize("typed", ["", "3F7K", "3F7K-9XQ2-T0BM-W8R", "3F7K-9XQ2-T0BM-W8RDD", "3F7K-9XQ2-T0BM-W8RU"])
def test_what_has_another_form_is_no_code(typed: str) -> None:
    assert normalised(typed) is None


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_of_its_form_or_none(typed: str) -> None:
    code = normalised(typed)
    assert code is None or (len(code) == 16 and set(code) <= set(ALPHABET))
