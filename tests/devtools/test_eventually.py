from collections.abc import Iterator

import pytest

from tests.eventually import NotYetError, eventually


async def test_the_first_true_value_is_returned() -> None:
    answers: Iterator[int] = iter([0, 0, 7])
    assert await eventually(lambda: next(answers)) == 7


async def test_a_failed_assertion_counts_as_not_yet() -> None:
    answers: Iterator[int] = iter([1, 2, 3])

    async def third() -> bool:
        assert next(answers) == 3
        return True

    assert await eventually(third)


async def test_a_condition_that_never_holds_fails_by_its_name() -> None:
    with pytest.raises(NotYetError, match="the mail did not hold"):
        await eventually(lambda: False, 0.05, says="the mail")


async def test_another_error_is_not_waited_out() -> None:
    with pytest.raises(ZeroDivisionError):
        await eventually(lambda: 1 / 0, 5)
