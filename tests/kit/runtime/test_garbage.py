"""What a process is made of costs no search for garbage; what requests leave behind is still found."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from ansinh_kit.runtime import pass_over_what_is_there


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


class Knot:
    """Garbage that only the collector finds: it holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_was_there_at_the_start_is_not_searched() -> None:
    there = Knot()
    pass_over_what_is_there()
    assert gc.get_freeze_count() > 0
    assert all(each is not there for each in gc.get_objects())


def test_what_comes_later_is_still_collected() -> None:
    pass_over_what_is_there()
    gone = weakref.ref(Knot())
    for _ in range(4 * gc.get_threshold()[0]):
        Knot()
    assert gone() is None
