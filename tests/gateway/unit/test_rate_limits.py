import pytest
from gateway.rate_limits import Rate, TokenBuckets
from gateway.refusals import Refusal

from tests.gateway.seconds import Seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def allowed(buckets: TokenBuckets, key: str) -> bool:
    try:
        buckets.take(key)
    except Refusal:
        return False
    return True


@pytest.mark.sec("LIM-15")
def test_300_requests_pass_in_five_minutes_from_one_address_and_no_more_at_once(seconds: Seconds) -> None:
    buckets = TokenBuckets(Rate(300, 1.0), monotonic=seconds)
    assert sum(allowed(buckets, "a") for _ in range(400)) == 300
    assert allowed(buckets, "b")


@pytest.mark.sec("LIM-15")
def test_a_token_comes_back_exactly_when_it_was_said_to(seconds: Seconds) -> None:
    buckets = TokenBuckets(Rate(1, 0.1), monotonic=seconds)
    buckets.take("a")
    with pytest.raises(Refusal) as refused:
        buckets.take("a")
    assert (refused.value.status, refused.value.retry_after_seconds) == (429, 10)
    seconds.now += 9.9
    assert not allowed(buckets, "a")
    seconds.now += 0.2
    assert allowed(buckets, "a")


def test_a_pause_fills_the_bucket_no_further_than_its_burst(seconds: Seconds) -> None:
    buckets = TokenBuckets(Rate(40, 20.0), monotonic=seconds)
    buckets.take("a")
    seconds.now += 3600
    assert sum(allowed(buckets, "a") for _ in range(100)) == 40


def test_memory_is_bounded_and_the_busiest_are_remembered(seconds: Seconds) -> None:
    buckets = TokenBuckets(Rate(2, 0.001), monotonic=seconds, max_keys=3)
    assert allowed(buckets, "busy")
    for stranger in range(100):
        allowed(buckets, f"stranger-{stranger}")
        allowed(buckets, "busy")
    assert not allowed(buckets, "busy")
