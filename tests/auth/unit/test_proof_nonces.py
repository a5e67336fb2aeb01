from datetime import timedelta

import pytest
from ansinh_kit.key_list import KeyList, NamedKey
from auth.domain.proof_nonces import is_fresh, make_nonce
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.builders import NOW

LIFE = timedelta(minutes=5)
OLD, NEW = NamedKey("old", b"o" * 32), NamedKey("new", b"n" * 32)
SECOND = timedelta(seconds=1)


@pytest.mark.sec("SES-10")
@pytest.mark.parametrize(("age", "fresh"), [(-1, False), (0, True), (299, True), (300, False)])
def test_a_nonce_lives_five_minutes(*, age: int, fresh: bool) -> None:
    nonce = make_nonce(KeyList((NEW,)), NOW, b"r" * 8)
    assert is_fresh(nonce, KeyList((NEW,)), NOW + age * SECOND, LIFE) is fresh


def test_a_nonce_of_the_key_before_counts_while_keys_rotate() -> None:
    nonce = make_nonce(KeyList((OLD,)), NOW, b"r" * 8)
    assert is_fresh(nonce, KeyList((NEW, OLD)), NOW, LIFE)
    assert not is_fresh(nonce, KeyList((NEW,)), NOW, LIFE)


@pytest.mark.sec("SES-10")
@given(st.one_of(st.text(max_size=60), st.binary(max_size=48).map(lambda raw: raw.hex())))
def test_nobody_else_makes_a_nonce(nonce: str) -> None:
    assert not is_fresh(nonce, KeyList((NEW,)), NOW, LIFE)
