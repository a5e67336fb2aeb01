import pytest
from ansinh_kit.personal_data.key_cache import KeyCache
from ansinh_kit.personal_data.keyring import DataKey

KEYS = (DataKey(1, b"k" * 32),)


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def a_cache(stopwatch: Stopwatch, *, capacity: int = 10_000) -> KeyCache:
    return KeyCache(capacity=capacity, lifetime_seconds=60, monotonic_seconds=stopwatch)


@pytest.mark.sec("LIM-28")
def test_a_key_is_gone_at_sixty_seconds() -> None:
    stopwatch = Stopwatch()
    cache = a_cache(stopwatch)
    cache.put("a", KEYS, asked_at_seconds=0)
    stopwatch.seconds = 59.999
    assert cache.find("a") == KEYS
    stopwatch.seconds = 60
    assert cache.find("a") is None


def test_use_does_not_prolong_a_keys_life() -> None:
    stopwatch = Stopwatch()
    cache = a_cache(stopwatch)
    cache.put("a", KEYS, asked_at_seconds=0)
    for stopwatch.seconds in range(0, 60, 5):
        assert cache.find("a") == KEYS
    stopwatch.seconds = 60
    assert cache.find("a") is None


def test_a_keys_life_counts_from_the_question_and_not_from_the_answer() -> None:
    stopwatch = Stopwatch()
    cache = a_cache(stopwatch)
    stopwatch.seconds = 10
    cache.put("a", KEYS, asked_at_seconds=0)
    stopwatch.seconds = 60
    assert cache.find("a") is None


@pytest.mark.sec("LIM-28")
def test_the_person_met_longest_ago_makes_room() -> None:
    cache = a_cache(Stopwatch(), capacity=2)
    cache.put("a", KEYS, asked_at_seconds=0)
    cache.put("b", KEYS, asked_at_seconds=0)
    cache.find("a")
    cache.put("c", KEYS, asked_at_seconds=0)
    assert len(cache) == 2
    assert cache.find("b") is None
    assert cache.find("a") == cache.find("c") == KEYS
