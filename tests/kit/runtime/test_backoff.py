import pytest
from ansinh_kit.backoff import Backoff
from ansinh_kit.messaging.retry import RetryPolicy
from hypothesis import given
from hypothesis import strategies as st


def test_the_first_try_waits_for_nothing() -> None:
    assert Backoff().seconds_before(1) == 0


def test_waits_double_up_to_the_longest() -> None:
    backoff = Backoff(first_seconds=1, longest_seconds=10, draw=lambda: 1.0)
    assert [backoff.seconds_before(attempt) for attempt in range(2, 8)] == [1, 2, 4, 8, 10, 10]


@given(attempt=st.integers(min_value=2, max_value=10**9), drawn=st.floats(min_value=0, max_value=1))
def test_a_wait_is_between_half_of_its_length_and_all_of_it(attempt: int, drawn: float) -> None:
    whole = Backoff(draw=lambda: 1.0).seconds_before(attempt)
    assert whole / 2 <= Backoff(draw=lambda: drawn).seconds_before(attempt) <= whole <= Backoff().longest_seconds


def test_a_message_is_given_up_long_before_the_broker_takes_it_back() -> None:
    policy = RetryPolicy()
    longest = Backoff(policy.backoff.first_seconds, policy.backoff.longest_seconds, draw=lambda: 1.0)
    waits = sum(longest.seconds_before(attempt) for attempt in range(1, policy.attempts + 1))
    assert waits == pytest.approx(81, abs=1)
    assert waits < 30 * 60 / 4
