"""Ranges of numbers whose codes are hardly ever entered: how toll fraud looks from here (LIM-11)."""

import pytest
from auth.domain.one_time_codes import LAST_CODES, hardly_entered

from tests.auth.devices import first_device
from tests.auth.service import AuthService


def alarms(auth: AuthService) -> float:
    return auth.metrics.registry.get_sample_value("auth_codes_to_ranges_hardly_entering_total") or 0.0


@pytest.mark.sec("LIM-11")
@pytest.mark.parametrize(("entered", "codes", "alarm"), [(100, 200, False), (99, 200, True), (0, 199, False)])
def test_the_alarm_is_for_fewer_than_half_of_the_last_two_hundred(entered: int, codes: int, *, alarm: bool) -> None:
    assert hardly_entered([n < entered for n in range(codes)]) is alarm
    assert hardly_entered([True] * 100 + [n < entered for n in range(codes)]) is (alarm or entered == 0)


@pytest.mark.sec("LIM-11")
async def test_codes_that_nobody_enters_raise_the_alarm_and_entered_ones_silence_it(auth: AuthService) -> None:
    use, now = auth.use_cases.stored.code_use, auth.clock.now()
    for n in range(LAST_CODES):
        await use.note_sent("range", f"message-{n}", now)
    assert alarms(auth) == 0
    await use.note_sent("range", "one-more", now)
    await use.note_sent("another-range", "first", now)
    assert alarms(auth) == 1
    for n in range(100, LAST_CODES):
        await use.note_entered("range", f"message-{n}")
    await use.note_sent("range", "entered-again", now)
    assert alarms(auth) == 1


@pytest.mark.sec("LIM-11")
async def test_a_right_code_counts_as_entered_and_a_wrong_one_does_not(auth: AuthService) -> None:
    await first_device(auth)
    take_over_id = await auth.second_device()
    code = await auth.ask_for_code(take_over_id)
    await auth.confirm(take_over_id, f"{(int(code) + 1) % 1_000_000:06d}")
    assert await entered(auth) == [True, False]
    await auth.confirm(take_over_id, code)
    assert await entered(auth) == [True, True]


async def entered(auth: AuthService) -> list[bool]:
    """Return of each code that went to the person's range, the activation's first, whether it was entered."""
    (document,) = await auth.database["sms_range_use"].find({}).to_list(None)
    return [code["entered"] for code in document["codes"]]
