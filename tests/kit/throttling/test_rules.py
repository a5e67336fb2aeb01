from datetime import UTC, datetime, timedelta

import pytest
from ansinh_kit.throttling.rules import Attempts, DoublingWaits, Throttle, Wait, Window, Windows
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

SECOND = timedelta(seconds=1)
per_account = DoublingWaits(
    free=5,
    period=timedelta(seconds=60),
    first=timedelta(seconds=30),
    longest=timedelta(minutes=15),
    memory=timedelta(hours=1),
)


def admitted(throttle: Throttle, moments: list[datetime], attempts: Attempts | None = None) -> Attempts:
    attempts = attempts or Attempts()
    for now in moments:
        outcome = throttle.admit(attempts, now)
        assert isinstance(outcome, Attempts), f"refused at {now}"
        attempts = outcome
    return attempts


@pytest.mark.sec("LIM-13")
def test_the_fifth_wrong_password_within_a_minute_starts_a_wait_of_thirty_seconds() -> None:
    attempts = admitted(per_account, [NOW + n * SECOND for n in range(5)])
    last = NOW + 4 * SECOND
    assert per_account.admit(attempts, last + 29 * SECOND) == Wait(last + 30 * SECOND)
    assert isinstance(per_account.admit(attempts, last + 30 * SECOND), Attempts)


@pytest.mark.sec("LIM-13")
def test_four_wrong_passwords_a_minute_never_wait() -> None:
    admitted(per_account, [NOW + n * 15 * SECOND for n in range(200)])


@pytest.mark.sec("LIM-13")
def test_waits_double_to_fifteen_minutes_and_no_further() -> None:
    attempts = admitted(per_account, [NOW] * 5)
    now = NOW
    waits = []
    for _ in range(8):
        outcome = per_account.admit(attempts, now)
        assert isinstance(outcome, Wait)
        waits.append((outcome.until - now).total_seconds())
        now = outcome.until
        attempts = admitted(per_account, [now], attempts)
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


@pytest.mark.sec("LIM-13")
def test_an_hour_of_quiet_forgets_the_waits() -> None:
    attempts = admitted(per_account, [NOW] * 5)
    admitted(per_account, [NOW + timedelta(hours=1)] * 5, attempts)


def test_an_attempt_leaves_its_window_when_it_is_exactly_as_old() -> None:
    one_a_minute = Windows((Window(1, timedelta(seconds=60)),))
    attempts = admitted(one_a_minute, [NOW])
    assert one_a_minute.admit(attempts, NOW + 59 * SECOND) == Wait(NOW + 60 * SECOND)
    assert isinstance(one_a_minute.admit(attempts, NOW + 60 * SECOND), Attempts)


@given(st.lists(st.integers(0, 900), max_size=60).map(sorted))
def test_no_stretch_of_time_ever_holds_more_than_a_window_allows(offsets: list[int]) -> None:
    windows = Windows((Window(5, timedelta(minutes=1)), Window(8, timedelta(minutes=5))))
    attempts = Attempts()
    through: list[int] = []
    for offset in offsets:
        outcome = windows.admit(attempts, NOW + offset * SECOND)
        if isinstance(outcome, Attempts):
            attempts = outcome
            through.append(offset)
    for start in through:
        assert sum(start <= at < start + 60 for at in through) <= 5
        assert sum(start <= at < start + 300 for at in through) <= 8


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=40).map(sorted))
@pytest.mark.sec("LIM-13")
def test_a_wait_is_never_longer_than_fifteen_minutes(offsets: list[int]) -> None:
    attempts = Attempts()
    for offset in offsets:
        now = NOW + offset * SECOND
        outcome = per_account.admit(attempts, now)
        if isinstance(outcome, Wait):
            assert timedelta(0) < outcome.until - now <= timedelta(minutes=15)
        else:
            attempts = outcome
