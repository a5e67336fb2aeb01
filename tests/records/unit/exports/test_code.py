"""The code on an export: hard to guess, easy to type."""

import re
import secrets
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.exports.code import RANDOM_BYTES, code_from, export_id_of

_CODE = re.compile(r"([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}")


@given(st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES))
def test_a_code_is_four_groups_of_five_without_letters_that_look_like_digits(random: bytes) -> None:
    assert _CODE.fullmatch(code_from(random))


@pytest.mark.sec("LIM-18")
def test_codes_hold_a_hundred_bits_and_do_not_repeat() -> None:
    codes = [code_from(secrets.token_bytes(RANDOM_BYTES)).replace("-", "") for _ in range(20_000)]

    assert len(set(codes)) == len(codes)
    for place in range(20):
        seen = Counter(code[place] for code in codes)
        # 625 of each of 32 characters are to be expected; 150 is six standard deviations.
        assert len(seen) == 32
        assert all(abs(count - 625) < 150 for count in seen.values())


def test_every_random_bit_but_the_spare_ones_changes_the_code() -> None:
    codes = {code_from((1 << bit).to_bytes(RANDOM_BYTES)) for bit in range(100)}

    assert len(codes) == 100


@given(st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES), st.sampled_from(["", " ", "-", "\u2013", " - "]))
def test_a_code_is_the_same_however_it_is_typed(random: bytes, between: str) -> None:
    code = code_from(random)
    typed = between.join(code.split("-")).lower().replace("0", "o").replace("1", "l")

    assert export_id_of(typed) == export_id_of(code)


@given(st.text(max_size=200))
def test_whatever_is_typed_names_an_export_that_may_or_may_not_be(typed: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", export_id_of(typed))
