"""Tokens and codes are what a random source gives: looked at in numbers, a bad source or a lost zero shows."""

import base64
import secrets
from collections import Counter
from collections.abc import Callable

import pytest
from ansinh_contracts.session_check import hash_token
from auth.domain.one_time_codes import CodeRules
from auth.handlers.tokens import new_activation_token, new_session_token

MANY = 100_000


@pytest.mark.sec("LIM-18")
@pytest.mark.sec("SES-01")
@pytest.mark.sec("SEC-52")
@pytest.mark.parametrize(("new_token", "prefix"), [(new_session_token, "sit_"), (new_activation_token, "act_")])
def test_tokens_are_32_random_bytes(new_token: Callable[[], str], prefix: str) -> None:
    tokens = [new_token() for _ in range(MANY)]
    assert len(set(tokens)) == MANY
    assert all(token.startswith(prefix) for token in tokens)
    drawn = [base64.urlsafe_b64decode(token.removeprefix(prefix) + "=") for token in tokens]
    assert {len(material) for material in drawn} == {32}
    for place in range(32):
        counts = Counter(material[place] for material in drawn)
        for bit in range(8):
            ones = sum(count for value, count in counts.items() if value >> bit & 1)
            # Six standard deviations: a fair bit is further off once in 500 million.
            assert abs(ones - MANY / 2) < 6 * (MANY / 4) ** 0.5, (place, bit)


@pytest.mark.sec("SES-01")
def test_what_is_stored_of_a_token_does_not_hold_it() -> None:
    token = new_session_token()
    assert len(hash_token(token)) == 64
    assert token not in hash_token(token)
    assert hash_token(token) == hash_token(token) != hash_token(new_session_token())


@pytest.mark.sec("OTC-01")
@pytest.mark.sec("SEC-46")
def test_a_hundred_thousand_codes_are_even_in_every_place() -> None:
    rules = CodeRules()
    codes = [rules.format_code(secrets.randbelow(10**rules.digits)) for _ in range(MANY)]
    assert {len(code) for code in codes} == {6}
    for place in range(6):
        counts = Counter(code[place] for code in codes)
        chi_square = sum((counts[digit] - MANY / 10) ** 2 / (MANY / 10) for digit in "0123456789")
        # 9 degrees of freedom: an even draw is above 45 once in a million.
        assert chi_square < 45, (place, counts)
