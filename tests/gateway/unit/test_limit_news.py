"""What gateways tell each other about limits: nobody else can read it, say it or say it again (GW-16, ADR-0028)."""

import json
from itertools import pairwise

import pytest
from ansinh_kit.key_list import KeyList, NamedKey
from gateway.limit_news import MAX_KEYS_OF_A_LIMIT, MAX_MESSAGE_BYTES, LimitNewsSeal
from gateway.rate_limits import Rate

from tests.gateway.limits import KEYS, Time, Wire, counting_gateway

TEN = Rate(10, 0.1)
OTHER_KEY = NamedKey("k2", b"o" * 32)

pytestmark = pytest.mark.sec("GW-16")


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def wire() -> Wire:
    return Wire()


async def test_addresses_and_sessions_do_not_travel_in_the_clear(wire: Wire) -> None:
    first = wire.join(TEN)
    first.allowed(1, key="203.0.113.77")
    await first.limits.tell()
    (message,) = wire.sent
    assert b"203.0.113.77" not in message
    assert b"taken" not in message
    first.allowed(1, key="203.0.113.77")
    await first.limits.tell()
    assert len(set(wire.sent)) == 2


async def test_a_message_of_nobody_takes_nothing_and_is_counted(wire: Wire) -> None:
    second = wire.join(TEN)
    foreign = counting_gateway(TEN, wire.send, keys=KeyList((OTHER_KEY,)))
    foreign.allowed(10)
    await foreign.limits.tell()
    genuine = wire.sent[0]
    for message in (b"", b"{}", b"x" * 11, bytes(12), genuine[:-1], genuine + b"x"):
        second.limits.hear(message)
    second.limits.hear(bytes(MAX_MESSAGE_BYTES + 1))
    assert second.allowed(20) == 10
    assert (second.news("foreign"), second.news("too_long")) == (7, 1)


def told(time: Time, **changed: object) -> bytes:
    """Return the text of a message as a gateway would write it, but for what is changed."""
    sent_at = int(time.clock.now().timestamp() * 1000)
    return json.dumps({"sender": "s", "number": 1, "sent_at": sent_at, "taken": {}} | changed).encode()


@pytest.mark.parametrize(
    "changed",
    [
        {"taken": {"guests": {"192.0.2.1": -5}}},
        {"taken": {"guests": {"192.0.2.1": 0}}},
        {"taken": {"guests": {"192.0.2.1": 1.5}}},
        {"taken": {"guests": {"192.0.2.1": True}}},
        {"taken": {"guests": {"x" * 65: 5}}},
        {"taken": {"guests": {f"192.0.2.{n}": 1 for n in range(MAX_KEYS_OF_A_LIMIT + 1)}}},
        {"taken": {str(n): {} for n in range(17)}},
        {"taken": []},
        {"number": 0},
        {"sender": ""},
    ],
)
async def test_a_message_of_another_form_takes_nothing_and_is_counted(
    wire: Wire, time: Time, changed: dict[str, object]
) -> None:
    second = wire.join(TEN, time=time)
    second.limits.hear(LimitNewsSeal(KEYS).close(told(time, **changed)))
    assert second.allowed(20) == 10
    assert (second.news("malformed"), second.news("applied")) == (1, 0)


async def test_a_limit_of_another_version_is_passed_over(wire: Wire, time: Time) -> None:
    second = wire.join(TEN, time=time)
    taken = {"guests": {"192.0.2.1": 4}, "of_tomorrow": {"x": 1}}
    second.limits.hear(LimitNewsSeal(KEYS).close(told(time, taken=taken, mood="good")))
    assert second.allowed(20) == 6


@pytest.mark.parametrize("text", [b"", b"\xff", b"[" * 100_000, b"null", b'{"sender":"s","sender":"s"'])
async def test_a_sealed_message_may_hold_anything(wire: Wire, text: bytes) -> None:
    second = wire.join(TEN)
    second.limits.hear(LimitNewsSeal(KEYS).close(text))
    assert second.news("malformed") == 1


async def test_a_message_counts_once_and_not_late(wire: Wire, time: Time) -> None:
    """Who can read the queue and write to the exchange, and no more, cannot shut anybody out with what was sent."""
    first, second = wire.join(TEN, time=time), wire.join(TEN, time=time)
    first.allowed(1)
    await first.limits.tell()
    first.allowed(1)
    await first.limits.tell()
    earlier, later = wire.sent
    for message in (later, earlier, later):
        second.limits.hear(message)
    assert second.news("repeated") == 3
    time.pass_by(10.1)
    second.limits.hear(later)
    assert second.news("late") == 1
    time.pass_by(60)  # by now the sender is forgotten
    assert second.shown("gateway_limit_neighbours") == 0
    second.limits.hear(later)
    assert second.news("late") == 2
    assert second.news("applied") == 2


async def test_gateways_understand_each_other_in_every_step_of_a_rotation() -> None:
    old, new = KEYS.newest, OTHER_KEY
    steps = [KeyList(keys) for keys in ((old,), (old, new), (new, old), (new,))]
    for before, after in pairwise(steps):
        wire = Wire()
        first, second = wire.join(TEN, keys=before), wire.join(TEN, keys=after)
        first.allowed(2)
        await first.limits.tell()
        second.allowed(3)
        await second.limits.tell()
        assert (first.allowed(20), second.allowed(20)) == (5, 5)


async def test_the_longest_message_we_send_is_one_we_read(wire: Wire) -> None:
    first, second = wire.join(TEN), wire.join(TEN)
    for number in range(MAX_KEYS_OF_A_LIMIT + 5):
        key = f"{number:064}"
        first.guests.take(key)
        first.holders.take(key)
    await first.limits.tell()
    assert second.news("applied") == 1
    assert second.allowed(20, key=f"{MAX_KEYS_OF_A_LIMIT - 1:064}") == 9
