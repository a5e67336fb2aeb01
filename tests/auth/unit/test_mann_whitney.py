import random

import pytest

from tests.auth.mann_whitney import p_value


def test_it_agrees_with_the_printed_tables() -> None:
    # U = 0 of 10 x 10: two-sided p = 0.000157 by the normal approximation without continuity correction.
    assert p_value(range(10), range(10, 20)) == pytest.approx(0.000157, rel=0.01)
    assert p_value([1.0] * 20, [1.0] * 20) == 1.0


def test_it_tells_a_small_delay_from_none() -> None:
    chance = random.Random(1)  # noqa: S311 - the same samples every time
    base, same, later = ([chance.gauss(mean, 1.0) for _ in range(300)] for mean in (20.0, 20.0, 20.5))
    assert p_value(base, same) > 0.01
    assert p_value(base, later) < 0.01
