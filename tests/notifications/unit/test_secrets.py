"""Codes and links: sent at most once, written down nowhere, dead when nobody can know."""

import asyncio
import logging
from datetime import timedelta

import pytest
from ansinh_kit.messaging.errors import PermanentError, TransientError
from notifications.domain.masking import masked
from notifications.messaging.publishing import to_contract

from tests.notifications.builders import NOW
from tests.notifications.unit.test_reactions import deliver, submitted
from tests.notifications.world import Killed, World, incoming, secret

MESSAGE_ID = secret().message_id


async def test_a_code_is_handed_over_and_its_hand_over_is_told_to_auth() -> None:
    world = World()
    world.pass_seconds(2)
    await world.secret_sender()(incoming(secret()))
    assert "048213" in world.sms.parcels[0].text
    told = [event for event in map(to_contract, await world.events()) if event is not None]
    assert [(event.name, event.model_dump()["challenge_id"], event.model_dump()["occurred_at"]) for event in told] == [
        ("notifications.message_accepted", secret().challenge_id, NOW + timedelta(seconds=2))
    ]


@pytest.mark.req("V-24")
async def test_an_activation_link_goes_by_mail() -> None:
    world = World()
    link = secret(purpose="activation", channel="email", target="mau@example.vn", secret="act_made-up")
    await world.secret_sender()(incoming(link))
    assert "https://ansinh.example.vn/activate#act_made-up" in world.email.parcels[0].text
    assert "https://ansinh.example.vn/activate#act_made-up" in world.email.parcels[0].html


@pytest.mark.sec("OTC-08")
@pytest.mark.parametrize("purpose", ["take_over", "password_change", "forced_password_change", "device_binding"])
async def test_no_code_that_lets_anybody_in_is_mailed(purpose: str) -> None:
    world = World()
    mailed = secret(purpose=purpose, channel="email", target="mau@example.vn")
    with pytest.raises(PermanentError):
        await world.secret_sender()(incoming(mailed))
    assert world.email.calls == 0


@pytest.mark.sec("OTC-04")
async def test_neither_code_nor_target_is_written_down(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    caplog.set_level(logging.DEBUG)
    world.sms.refuse_for_now()
    with pytest.raises(TransientError) as refusal:
        await world.secret_sender()(incoming(secret()))
    world.pass_seconds(30)
    await world.secret_sender()(incoming(secret()))
    written = repr(await world.events()) + repr(await world.log.read_after(0, limit=100)) + caplog.text
    written += repr(refusal.value) + repr(refusal.value.__context__)
    assert "048213" not in written
    assert "900000018" not in written
    assert masked("+84900000018") in written


@pytest.mark.sec("F-22")
async def test_a_code_that_arrives_twice_is_sent_once() -> None:
    world = World()
    for _ in range(2):
        await world.secret_sender()(incoming(secret()))
    assert world.sms.calls == 1


@pytest.mark.sec("F-28")
async def test_a_code_the_carrier_refused_for_now_is_tried_again_while_it_lives() -> None:
    world = World()
    world.sms.refuse_for_now()
    with pytest.raises(TransientError):
        await world.secret_sender()(incoming(secret()))
    with pytest.raises(TransientError):
        await world.secret_sender()(incoming(secret()))
    assert world.sms.calls == 1
    world.pass_seconds(30)
    await world.secret_sender()(incoming(secret()))
    assert len(world.sms.parcels) == 1


async def test_a_dead_code_is_dropped() -> None:
    world = World()
    world.pass_seconds(600)
    await world.secret_sender()(incoming(secret()))
    assert world.sms.calls == 0
    assert (await world.message(MESSAGE_ID)).status == "failed"


@pytest.mark.sec("F-29")
@pytest.mark.sec("I4")
@pytest.mark.parametrize("taken", [True, False])
async def test_a_code_with_unknown_outcome_is_never_sent_again(*, taken: bool) -> None:
    world = World()
    world.sms.moods.append("take_and_hang_up" if taken else "hang_up")
    await world.secret_sender()(incoming(secret()))
    for _ in range(5):
        world.pass_seconds(100)
        await world.secret_sender("worker-2")(incoming(secret()))
        await world.work("worker-2")
    assert world.sms.calls == 1
    assert (await world.message(MESSAGE_ID)).status == "unknown"


@pytest.mark.sec("F-05")
@pytest.mark.sec("I4")
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_code_whose_worker_died_is_unknown_and_never_sent_again(moment: str) -> None:
    world = World()

    def die(_: object) -> None:
        raise Killed

    world.sms.on_send, world.sms.on_taken = (die, die) if moment == "before" else (lambda _: None, die)
    with pytest.raises(Killed):
        await world.secret_sender()(incoming(secret()))
    world.sms.on_send = world.sms.on_taken = lambda _: None
    with pytest.raises(TransientError):
        await world.secret_sender("worker-2")(incoming(secret()))
    world.pass_seconds(61)
    await world.secret_sender("worker-2")(incoming(secret()))
    assert world.sms.calls == 1
    assert (await world.message(MESSAGE_ID)).status == "unknown"


@pytest.mark.sec("LIM-10")
async def test_over_the_budget_a_code_waits_only_as_long_as_it_lives() -> None:
    world = World()
    world.budget.wait_seconds = 601.0
    with pytest.raises(TransientError):
        await world.secret_sender()(incoming(secret()))
    await world.secret_sender()(incoming(secret()))
    assert world.sms.calls == 0
    assert (await world.message(MESSAGE_ID)).status == "failed"


async def test_a_hand_over_is_finished_though_its_channel_is_lost() -> None:
    world = World()
    gate, begun = asyncio.Event(), asyncio.Event()
    send = world.sms.send

    async def slow(parcel: object) -> object:
        begun.set()
        await gate.wait()
        return await send(parcel)  # type: ignore[arg-type] # the carrier's own parcel, passed through

    world.sms.send = slow  # type: ignore[method-assign, assignment] # a carrier that takes its time
    delivery = asyncio.create_task(world.secret_sender()(incoming(secret())))
    await begun.wait()
    delivery.cancel()
    gate.set()
    await world.unfinished.drain(within_seconds=5)
    assert (await world.message(MESSAGE_ID)).status == "accepted"


@pytest.mark.req("U-04")
async def test_codes_do_not_wait_for_notices() -> None:
    world = World()
    for number in range(500):
        await deliver(world, submitted(), event_id=f"event-{number}")
    await world.secret_sender()(incoming(secret()))
    assert [parcel.message_id for parcel in world.sms.parcels] == [MESSAGE_ID]


@pytest.mark.parametrize(
    ("target", "shown"),
    [("+84900000018", "090 *** **18"), ("mau@example.vn", "m***@example.vn"), ("@example.vn", "***@example.vn")],
)
def test_a_masked_target_shows_its_owner_enough(target: str, shown: str) -> None:
    assert masked(target) == shown


@pytest.mark.parametrize("missing", ["target", "secret"])
async def test_a_secret_whose_seal_gave_nothing_is_parked(missing: str) -> None:
    with pytest.raises(PermanentError):
        await World().secret_sender()(incoming(secret(**{missing: None})))
