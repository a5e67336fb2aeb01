"""Many at once on one account: one wins, the others are told, and no try is lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from ansinh_kit.mongo import Database
from ansinh_kit.throttling.rules import Window, Windows
from auth.domain.one_time_codes import CodeRules

from tests.auth.devices import first_device, state
from tests.auth.service import AuthService, at_once

GENEROUS = CodeRules(budget=Windows((Window(1000, timedelta(hours=24)),)))


@pytest.mark.req("S-53")
@pytest.mark.sec("F-35")
async def test_of_fifty_take_overs_at_once_exactly_one_wins_and_the_others_are_told(database: Database) -> None:
    # Right codes count as wrong until they are compared: the limit in a row must leave room for all fifty.
    auth = AuthService(database, codes=replace(GENEROUS, wrong_in_a_row=100))
    await auth.use_cases.prepare()
    first = await first_device(auth)
    kinds = ("phone", "tablet", "desktop")
    ids = [await auth.second_device({"kind": kinds[n % 3], "name": f"Máy {n}"}) for n in range(50)]
    # Each from an address of its own: one that asks for many is asked for a proof of work (LIM-12).
    codes = [await auth.ask_for_code(each, address=f"203.0.113.{n}") for n, each in enumerate(ids, 1)]
    answers = await at_once(*(auth.confirm(*pair) for pair in zip(ids, codes, strict=True)))
    won = [answer for answer in answers if answer.status == 201]
    lost = {(answer.status, answer.json()["code"]) for answer in answers if answer.status != 201}
    assert len(won) == 1
    assert lost == {(409, "take_over_lost")}
    assert await state(auth, first) == "replaced"
    assert await state(auth, won[0].json()["token"]) == "valid"
    assert (await auth.event_types()).count("session_opened") == 2


@pytest.mark.sec("F-35")
@pytest.mark.sec("OTC-02")
async def test_of_fifty_right_answers_to_one_challenge_exactly_one_wins(auth: AuthService) -> None:
    await first_device(auth)
    take_over_id = await auth.second_device()
    code = await auth.ask_for_code(take_over_id)
    before = auth.comparisons("take_over")
    answers = await at_once(*(auth.confirm(take_over_id, code) for _ in range(50)))
    assert [answer.status for answer in answers].count(201) == 1
    assert auth.comparisons("take_over") - before <= 5


@pytest.mark.sec("OTC-06")
@pytest.mark.parametrize("right", [0, 1])
async def test_fifty_guesses_at_once_are_compared_five_times_at_most(auth: AuthService, right: int) -> None:
    first = await first_device(auth)
    take_over_id = await auth.second_device()
    code = await auth.ask_for_code(take_over_id)
    wrong = [f"{(int(code) + step) % 1_000_000:06d}" for step in range(1, 51 - right)]
    before = auth.comparisons("take_over")
    guesses = [*wrong[:25], *([code] * right), *wrong[25:]]
    answers = await at_once(*(auth.confirm(take_over_id, guess) for guess in guesses))
    assert auth.comparisons("take_over") - before <= 5
    assert [answer.status for answer in answers].count(201) <= right
    if not any(answer.status == 201 for answer in answers):
        assert await state(auth, first) == "valid"


@pytest.mark.sec("I7")
async def test_of_ten_who_use_a_challenge_up_at_once_one_is_told_so(auth: AuthService) -> None:
    await first_device(auth)
    take_over_id = await auth.second_device()
    challenges = auth.use_cases.stored.challenges
    used = await asyncio.gather(*(challenges.use(take_over_id, "take_over", auth.clock.now()) for _ in range(10)))
    assert used.count(True) == 1
