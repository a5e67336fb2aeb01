"""When a service is left alone, and how it is found again (GW-13, LIM-27)."""

import pytest
from gateway.circuit_breaker import BreakerRule, CircuitBreaker
from gateway.refusals import Refusal
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.seconds import Seconds

pytestmark = [pytest.mark.sec("GW-13"), pytest.mark.sec("LIM-27")]


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def breaker(seconds: Seconds) -> CircuitBreaker:
    return CircuitBreaker(BreakerRule(), monotonic=seconds)


def count(breaker: CircuitBreaker, *, answered: int, failed: int) -> None:
    for _ in range(answered):
        breaker.answered()
    for _ in range(failed):
        breaker.failed()


def lets_through(breaker: CircuitBreaker) -> bool:
    try:
        breaker.enter()
    except Refusal:
        return False
    return True


@pytest.mark.parametrize(
    ("answered", "failed", "opens"), [(0, 19, False), (0, 20, True), (11, 10, False), (10, 10, True)]
)
def test_it_opens_at_half_of_twenty(breaker: CircuitBreaker, answered: int, failed: int, *, opens: bool) -> None:
    count(breaker, answered=answered, failed=failed)
    assert breaker.is_open is opens
    assert lets_through(breaker) is not opens


def test_failures_spread_over_more_than_ten_seconds_do_not_open_it(seconds: Seconds, breaker: CircuitBreaker) -> None:
    count(breaker, answered=0, failed=19)
    seconds.now += 10.1
    count(breaker, answered=0, failed=1)
    assert not breaker.is_open


def test_one_request_passes_every_five_seconds_while_it_is_open(seconds: Seconds, breaker: CircuitBreaker) -> None:
    count(breaker, answered=0, failed=20)
    seconds.now += 4.9
    assert not lets_through(breaker)
    seconds.now += 0.1
    assert [lets_through(breaker) for _ in range(3)] == [True, False, False]
    seconds.now += 5.0
    assert [lets_through(breaker) for _ in range(2)] == [True, False]


def test_an_answered_probe_closes_it_and_the_past_is_forgotten(seconds: Seconds, breaker: CircuitBreaker) -> None:
    count(breaker, answered=0, failed=20)
    seconds.now += 5.0
    breaker.enter()
    breaker.answered()
    assert all(lets_through(breaker) for _ in range(100))
    count(breaker, answered=0, failed=18)
    assert not breaker.is_open


def test_a_failed_probe_keeps_it_open(seconds: Seconds, breaker: CircuitBreaker) -> None:
    count(breaker, answered=0, failed=20)
    seconds.now += 5.0
    breaker.enter()
    breaker.failed()
    assert not lets_through(breaker)


def test_it_says_when_to_come_again(seconds: Seconds, breaker: CircuitBreaker) -> None:
    count(breaker, answered=0, failed=20)
    seconds.now += 1.5
    with pytest.raises(Refusal) as refused:
        breaker.enter()
    assert (refused.value.status, refused.value.retry_after_seconds) == (503, 4)


@given(st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=200))
def test_it_opens_exactly_when_half_of_the_recent_requests_failed(steps: list[tuple[float, bool]]) -> None:
    """Against the plain reading of the rule, with spans of a second: counted are the last ten of them."""
    seconds = Seconds()
    breaker = CircuitBreaker(BreakerRule(), monotonic=seconds)
    seen: list[tuple[int, bool]] = []
    for pause, failed in steps:
        seconds.now += pause
        seen.append((int(seconds.now), failed))
        (breaker.failed if failed else breaker.answered)()
        recent = [each for span, each in seen if span > int(seconds.now) - 10]
        due = failed and len(recent) >= 20 and sum(recent) * 2 >= len(recent)
        assert breaker.is_open is due
        if due:
            return
