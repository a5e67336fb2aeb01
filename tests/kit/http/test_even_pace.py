from contextlib import suppress

import pytest
from ansinh_kit.http.even_pace import EvenPace


def refuse() -> None:
    raise TimeoutError


class Stopwatch:
    """Seconds that pass while somebody works or sleeps."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


async def answered_after(working_seconds: float, *, refused: bool = False) -> float:
    watch = Stopwatch()
    pace = EvenPace(0.25, monotonic=watch.monotonic, sleep=watch.sleep)
    with suppress(TimeoutError):
        async with pace.kept():
            watch.seconds += working_seconds
            if refused:
                refuse()
    return watch.seconds - 100.0


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("working_seconds", [0.0, 0.001, 0.2])
async def test_answers_and_refusals_take_the_same_time(working_seconds: float, *, refused: bool) -> None:
    assert await answered_after(working_seconds, refused=refused) == pytest.approx(0.25)


async def test_what_takes_longer_by_itself_is_not_kept_back() -> None:
    assert await answered_after(0.4) == pytest.approx(0.4)
