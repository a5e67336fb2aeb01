"""Second tries stay a small part of all (LIM-27)."""

import pytest
from gateway.retry_budget import RetryBudget

pytestmark = pytest.mark.sec("LIM-27")


def test_when_everything_fails_a_tenth_of_the_requests_is_tried_again() -> None:
    budget = RetryBudget(0.1)
    retries = 0
    for _ in range(10_000):
        budget.earn()
        retries += budget.spend()
    assert 1_000 <= retries <= 1_010  # ten were there at the start


def test_a_quiet_day_does_not_save_up_a_storm() -> None:
    budget = RetryBudget(0.1)
    for _ in range(10_000):
        budget.earn()
    assert sum(budget.spend() for _ in range(100)) == 10
