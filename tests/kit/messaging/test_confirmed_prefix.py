from datetime import UTC, datetime

from ansinh_kit.messaging.confirmed_prefix import ConfirmedPrefix
from hypothesis import given
from hypothesis import strategies as st

AT = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_position_counts_when_all_its_messages_are_confirmed() -> None:
    prefix = ConfirmedPrefix(4)
    settling = prefix.begin(5, 2, AT)
    prefix.confirm(settling)
    assert prefix.position == 4
    prefix.confirm(settling)
    assert prefix.position == 5


def test_a_position_behind_an_unconfirmed_one_does_not_count_yet() -> None:
    prefix = ConfirmedPrefix(0)
    first, second = prefix.begin(1, 1, AT), prefix.begin(2, 1, AT)
    prefix.confirm(second)
    assert prefix.position == 0
    prefix.confirm(first)
    assert prefix.position == 2


def test_a_position_without_messages_counts_once_those_before_it_do() -> None:
    prefix = ConfirmedPrefix(0)
    first = prefix.begin(1, 1, AT)
    prefix.begin(2, 0)
    assert prefix.position == 0
    prefix.confirm(first)
    assert prefix.position == 2


def test_the_lag_is_that_of_the_first_unconfirmed_event() -> None:
    prefix = ConfirmedPrefix(0)
    settling = prefix.begin(1, 1, AT)
    prefix.begin(2, 1, AT.replace(hour=5))
    assert prefix.oldest_waiting() == AT
    prefix.confirm(settling)
    assert prefix.oldest_waiting() == AT.replace(hour=5)


def test_nothing_waits_when_all_is_confirmed() -> None:
    assert ConfirmedPrefix(3).oldest_waiting() is None


async def test_a_move_is_told_once() -> None:
    prefix = ConfirmedPrefix(0)
    prefix.begin(1, 0)
    assert await prefix.wait_moved(timeout_seconds=1)
    assert not await prefix.wait_moved(timeout_seconds=0)


@given(data=st.data(), sizes=st.lists(st.integers(min_value=0, max_value=3), max_size=30))
def test_the_prefix_is_exactly_what_is_settled_without_a_hole(data: st.DataObject, sizes: list[int]) -> None:
    prefix = ConfirmedPrefix(0)
    settling = [prefix.begin(number, size, AT) for number, size in enumerate(sizes, start=1)]
    left = list(sizes)
    for index in data.draw(st.permutations([index for index, size in enumerate(sizes) for _ in range(size)])):
        prefix.confirm(settling[index])
        left[index] -= 1
        unsettled = next((number for number, size in enumerate(left, start=1) if size), len(sizes) + 1)
        assert prefix.position == unsettled - 1
