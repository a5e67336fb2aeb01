"""The list of duties: what is on it when, and the same again after a rebuild."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import get_args

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.messaging.errors import TransientError
from ansinh_kit.projections.folding import fold_events
from notifications.domain.content import Priority
from notifications.handlers.dispatcher import Dispatcher
from notifications.handlers.unfinished import Unfinished
from notifications.projections.duties import Duties, Duty, DutyKind

from tests.eventually import eventually
from tests.notifications.unit.test_reactions import deliver, submitted, unpaid
from tests.notifications.world import World, incoming, secret


async def one_sms() -> World:
    world = World()
    await deliver(world, submitted(contact={"full_name": "Mẫu", "phone": "+84900000018"}))
    return world


async def kinds_due(world: World) -> list[DutyKind]:
    return [duty.kind for duty in await world.due(world.clock.now(), limit=9)]


async def test_a_requested_notice_is_to_be_sent() -> None:
    assert await kinds_due(await one_sms()) == ["send"]


async def test_a_claimed_notice_is_due_when_its_lease_has_run_out() -> None:
    world = await one_sms()
    await world.attempts("worker-1").claim((await world.messages())[0].request.message_id)
    assert await kinds_due(world) == []
    world.pass_seconds(60)
    assert await kinds_due(world) == ["end_lease"]


async def test_an_unknown_outcome_is_to_be_looked_up_later() -> None:
    world = await one_sms()
    world.sms.take_and_hang_up()
    await world.work()
    assert await kinds_due(world) == []
    world.pass_seconds(120)
    assert await kinds_due(world) == ["look_up"]


async def test_of_a_secret_only_the_end_of_a_dead_workers_lease_is_due() -> None:
    world = World()
    await world.secret_sender()._request(incoming(secret()), secret(), "take_over_code", "+84900000018")
    assert await kinds_due(world) == []
    await world.attempts("worker-1").claim(secret().message_id)
    world.pass_seconds(60)
    assert await kinds_due(world) == ["end_lease"]
    await world.work()
    assert await kinds_due(world) == []


async def test_a_postponed_secret_is_nobodys_duty_but_its_own_queues() -> None:
    world = World()
    world.sms.refuse_for_now()
    with pytest.raises(TransientError):
        await world.secret_sender()(incoming(secret()))
    world.pass_seconds(300)
    assert await kinds_due(world) == []


async def test_the_rebuilt_list_is_the_list() -> None:
    world = await one_sms()
    world.sms.moods.extend(["refuse_for_now", "take_and_hang_up"])
    live = fold_events(Duties(), {}, await world.events())
    for _ in range(4):
        await world.work()
        world.pass_seconds(60)
        live |= fold_events(Duties(), live, await world.events())
    assert live == fold_events(Duties(), {}, await world.events())


class FixedDuties:
    def __init__(self, *duties: Duty, bulk: Sequence[Duty] = ()) -> None:
        self.duties: dict[Priority, Sequence[Duty]] = {"prompt": duties, "bulk": bulk}
        self.looks = 0

    async def due(self, now: datetime, priority: Priority, *, limit: int) -> Sequence[Duty]:
        del now
        self.looks += 1
        return self.duties[priority][:limit]


def dispatcher(
    duties: FixedDuties, action: Callable[[str], Awaitable[None]], unfinished: Unfinished, *, capacity: int = 4
) -> Dispatcher:
    actions: dict[DutyKind, Callable[[str], Awaitable[None]]] = {"send": action, "end_lease": action, "look_up": action}
    return Dispatcher(duties, actions, World().clock, unfinished, capacity=capacity, poll_seconds=0.01)


async def test_no_more_is_under_way_than_there_is_room_for_and_nothing_twice() -> None:
    started: list[str] = []
    gate, unfinished = asyncio.Event(), Unfinished()

    async def action(message_id: str) -> None:
        started.append(message_id)
        await gate.wait()

    busy = dispatcher(FixedDuties(*(Duty(str(number), "send") for number in range(9))), action, unfinished)
    assert [await busy.start_due(), await busy.start_due()] == [4, 0]
    gate.set()
    await unfinished.drain(within_seconds=5)
    assert started == ["0", "1", "2", "3"]


@pytest.mark.req("U-04")
async def test_a_notice_to_very_many_goes_behind_all_others_and_never_takes_all_the_room() -> None:
    started: list[str] = []
    gate, unfinished = asyncio.Event(), Unfinished()

    async def action(message_id: str) -> None:
        started.append(message_id)
        await gate.wait()

    many = [Duty(f"bulk-{number}", "send") for number in range(9)]
    listed = FixedDuties(bulk=many)
    busy = dispatcher(listed, action, unfinished)
    assert [await busy.start_due(), await busy.start_due()] == [2, 0]
    listed.duties["prompt"] = [Duty(f"prompt-{number}", "send") for number in range(9)]
    assert [await busy.start_due(), await busy.start_due()] == [2, 0]
    gate.set()
    await unfinished.drain(within_seconds=5)
    assert started == ["bulk-0", "bulk-1", "prompt-0", "prompt-1"]


@pytest.mark.req("U-04")
async def test_the_monthly_notice_is_the_one_that_goes_out_in_bulk() -> None:
    world = await one_sms()
    await deliver(world, unpaid())
    kinds = {}
    for priority in get_args(Priority):
        duties = await world.due(world.clock.now(), priority, limit=9)
        kinds[priority] = [(await world.message(duty.message_id)).request.kind for duty in duties]
    assert kinds == {"prompt": ["declaration_received"], "bulk": ["unpaid_months"]}


async def test_a_bulk_notice_stays_one_when_it_is_postponed() -> None:
    world = World()
    await deliver(world, unpaid())
    world.email.refuse_for_now()
    await world.work()
    world.pass_seconds(600)
    assert await world.due(world.clock.now(), "prompt", limit=9) == []
    assert [duty.kind for duty in await world.due(world.clock.now(), "bulk", limit=9)] == ["send"]


async def test_what_was_just_done_is_not_done_again_while_the_list_is_behind() -> None:
    done: list[str] = []
    unfinished = Unfinished()

    async def action(message_id: str) -> None:
        done.append(message_id)

    repeating = dispatcher(FixedDuties(Duty("1", "send"), Duty("2", "send")), action, unfinished, capacity=1)
    for _ in range(3):
        await repeating.start_due()
        await unfinished.drain(within_seconds=5)
    assert done == ["1", "2"]


@pytest.mark.parametrize("fault", [UnavailableError("mongodb"), RuntimeError("a fault of ours")])
async def test_a_failing_message_does_not_stop_the_others(fault: Exception) -> None:
    done: list[str] = []
    unfinished = Unfinished()

    async def action(message_id: str) -> None:
        if message_id == "1":
            raise fault
        done.append(message_id)

    await dispatcher(FixedDuties(Duty("1", "send"), Duty("2", "look_up")), action, unfinished).start_due()
    await unfinished.drain(within_seconds=5)
    assert done == ["2"]


@pytest.mark.sec("F-11")
async def test_what_is_under_way_is_finished_after_the_dispatcher_was_stopped() -> None:
    gate, unfinished = asyncio.Event(), Unfinished()
    done: list[str] = []

    async def action(message_id: str) -> None:
        await gate.wait()
        done.append(message_id)

    running = asyncio.create_task(dispatcher(FixedDuties(Duty("1", "send")), action, unfinished).run())
    await eventually(lambda: len(unfinished) == 1)
    running.cancel()
    gate.set()
    await unfinished.drain(within_seconds=5)
    assert done == ["1"]


async def test_what_does_not_end_in_time_is_cancelled() -> None:
    unfinished = Unfinished()
    task = unfinished.start(asyncio.Event().wait())
    await unfinished.drain(within_seconds=0.01)
    await eventually(task.cancelled)


async def test_where_nothing_is_due_for_a_while_it_is_looked_for_less_often() -> None:
    async def action(message_id: str) -> None:
        raise AssertionError(message_id)

    nothing = FixedDuties()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.0):
            await dispatcher(nothing, action, Unfinished()).run()
    assert 2 <= nothing.looks <= 60


async def test_while_something_is_due_it_is_looked_for_at_full_pace() -> None:
    done = asyncio.Event()

    async def action(message_id: str) -> None:
        if int(message_id) > 40:
            done.set()

    class OneAtATime(FixedDuties):
        async def due(self, now: datetime, priority: Priority, *, limit: int) -> Sequence[Duty]:
            await super().due(now, priority, limit=limit)
            return [Duty(str(self.looks), "send")] if priority == "prompt" else []

    unfinished = Unfinished()
    running = asyncio.create_task(dispatcher(OneAtATime(), action, unfinished).run())
    await asyncio.wait_for(done.wait(), 30)
    running.cancel()
    await unfinished.drain(within_seconds=5)
