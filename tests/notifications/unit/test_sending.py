"""Notices on their way, with workers that die, pause and race, and carriers that misbehave."""

import asyncio
from datetime import timedelta

import pytest
from ansinh_contracts.notifications import SMS_BUDGET, SMS_BUDGET_OF_ALL
from notifications.domain.events import MessagePostponed
from notifications.providers.port import Email, Sms

from tests.notifications.unit.test_reactions import deliver, submitted
from tests.notifications.world import Killed, World


@pytest.fixture
async def world() -> World:
    """One SMS and one mail are requested."""
    world = World()
    await deliver(world, submitted())
    return world


async def statuses(world: World) -> dict[str, str]:
    return {message.request.channel: message.status for message in await world.messages()}


def kill(_: Sms | Email) -> None:
    raise Killed


async def kill_while_working(world: World) -> None:
    """Let one worker die over the SMS, and let its lease run out."""
    with pytest.raises(Killed):
        await world.work("worker-1")
    world.sms.on_send = lambda _: None
    world.pass_seconds(61)


async def test_what_is_accepted_is_done(world: World) -> None:
    await world.work()
    assert await statuses(world) == {"sms": "accepted", "email": "accepted"}
    assert await world.due(world.clock.now() + timedelta(days=9), limit=9) == []


@pytest.mark.sec("F-05")
@pytest.mark.sec("I4")
async def test_a_worker_killed_between_claim_and_send_loses_no_sms_and_doubles_none(world: World) -> None:
    world.sms.on_send = kill
    await kill_while_working(world)
    await world.work("worker-2")
    assert (await statuses(world))["sms"] == "unknown"
    world.pass_seconds(121)
    await world.work("worker-2")
    assert (await statuses(world))["sms"] == "accepted"
    assert len(world.sms.parcels) == 1


@pytest.mark.sec("F-05")
@pytest.mark.sec("I4")
async def test_a_worker_killed_between_send_and_record_sends_no_second_sms(world: World) -> None:
    world.sms.on_taken = kill
    await kill_while_working(world)
    world.sms.on_taken = lambda _: None
    await world.work("worker-2")
    world.pass_seconds(121)
    await world.work("worker-2")
    assert (await statuses(world))["sms"] == "accepted"
    assert len(world.sms.parcels) == 1


@pytest.mark.sec("F-27")
@pytest.mark.sec("I4")
async def test_two_workers_on_one_message_send_it_once(world: World) -> None:
    message_ids = [message.request.message_id for message in await world.messages()]
    workers = [world.duties(f"worker-{number}") for number in range(5)]
    await asyncio.gather(*(worker.send(message_id) for worker in workers for message_id in message_ids))
    assert [len(world.sms.parcels), len(world.email.parcels)] == [1, 1]


@pytest.mark.sec("F-10")
@pytest.mark.parametrize(("paused_seconds", "sent"), [(35, 1), (36, 0)])
async def test_a_send_is_not_begun_if_the_lease_might_end_during_it(
    world: World, paused_seconds: float, sent: int
) -> None:
    sms = next(message.request for message in await world.messages() if message.request.channel == "sms")
    attempts = world.attempts("worker-1")
    claim = await attempts.claim(sms.message_id)
    assert claim is not None
    world.pass_seconds(paused_seconds)
    await attempts.send(claim, lambda: world.sms.send(Sms(sms.message_id, "+84900000018", "text")))
    assert len(world.sms.parcels) == sent
    assert (await statuses(world))["sms"] == ("accepted" if sent else "postponed")


@pytest.mark.sec("F-28")
async def test_a_refusal_for_now_is_retried_after_the_carriers_wait_and_not_before(world: World) -> None:
    world.sms.refuse_for_now()
    await world.work()
    world.pass_seconds(29)
    await world.work()
    assert world.sms.parcels == []
    world.pass_seconds(1)
    await world.work()
    assert len(world.sms.parcels) == 1


@pytest.mark.req("S-98")
async def test_a_carrier_that_is_down_for_a_day_costs_no_message(world: World) -> None:
    world.sms.moods.extend(["refuse_for_now"] * 24)
    for _ in range(30):
        await world.work()
        world.pass_seconds(3600)
    assert (await statuses(world))["sms"] == "accepted"
    assert len(world.sms.parcels) == 1


async def test_after_its_time_a_message_is_given_up(world: World) -> None:
    world.sms.moods.extend(["refuse_for_now"] * 100)
    for _ in range(75):
        await world.work()
        world.pass_seconds(3600)
    assert (await statuses(world))["sms"] == "failed"


@pytest.mark.sec("F-28")
async def test_a_refusal_for_good_is_final(world: World) -> None:
    world.sms.refuse_for_good()
    await world.work()
    assert (await statuses(world))["sms"] == "failed"
    assert world.sms.calls == 1


@pytest.mark.sec("F-29")
async def test_an_unknown_outcome_is_looked_up_before_a_retry(world: World) -> None:
    world.sms.take_and_hang_up()
    await world.work()
    assert (await statuses(world))["sms"] == "unknown"
    world.pass_seconds(119)
    await world.work()
    assert (await statuses(world))["sms"] == "unknown"
    world.pass_seconds(1)
    await world.work()
    assert (await statuses(world))["sms"] == "accepted"
    assert world.sms.calls == 1


@pytest.mark.sec("F-29")
async def test_an_sms_the_carrier_does_not_have_is_sent_then(world: World) -> None:
    world.sms.moods.append("hang_up")
    await world.work()
    world.pass_seconds(120)
    await world.work()
    assert len(world.sms.parcels) == 1


@pytest.mark.sec("LIM-10")
async def test_a_used_up_budget_makes_an_honest_wait(world: World) -> None:
    world.budget.wait_seconds = 300.0
    await world.work()
    assert world.sms.calls == 0
    assert await statuses(world) == {"sms": "postponed", "email": "accepted"}
    world.budget.wait_seconds = None
    world.pass_seconds(300)
    await world.work()
    assert len(world.sms.parcels) == 1


@pytest.mark.sec("LIM-10")
@pytest.mark.parametrize(("of_all", "reason"), [(True, SMS_BUDGET_OF_ALL), (False, SMS_BUDGET)])
async def test_whose_budget_is_used_up_is_said(world: World, of_all: object, reason: str) -> None:
    world.budget.wait_seconds, world.budget.of_all = 300.0, bool(of_all)
    await world.work()
    postponed = [each.event for each in await world.events() if isinstance(each.event, MessagePostponed)]
    assert [event.reason for event in postponed] == [reason]


async def test_the_text_is_the_same_at_every_attempt(world: World) -> None:
    texts: list[str] = []
    world.sms.on_send = lambda parcel: texts.append(parcel.text)
    world.sms.refuse_for_now()
    await world.work()
    world.pass_seconds(30)
    await world.work()
    assert len(texts) == 2
    assert len(set(texts)) == 1
