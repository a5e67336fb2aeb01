import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress

import pytest
from ansinh_contracts.session_check import SessionVerdict, TokenHash, ValidSession, hash_token
from ansinh_kit.errors import UnavailableError
from gateway.session_check import SessionCheck

from tests.eventually import eventually

VALID = ValidSession(kind="citizen", account_id="account-1", epoch=1)


class Auth:
    """Answers yes to all once `may_answer` is set; can also break in an unforeseen way."""

    def __init__(self) -> None:
        self.questions: list[tuple[TokenHash, ...]] = []
        self.may_answer = asyncio.Event()
        self.breaks = False

    async def __call__(self, token_hashes: tuple[TokenHash, ...]) -> Mapping[TokenHash, SessionVerdict]:
        self.questions.append(token_hashes)
        await self.may_answer.wait()
        if self.breaks:
            raise KeyError("a mistake of ours")
        return dict.fromkeys(token_hashes, VALID)


def token() -> str:
    return f"sit_{secrets.token_urlsafe(32)}"


@pytest.mark.sec("SES-05")
async def test_a_request_never_shares_a_question_that_was_asked_before_it_came() -> None:
    auth, same = Auth(), token()
    check = SessionCheck(auth, timeout_seconds=5)
    first = asyncio.create_task(check.check(same))
    await eventually(lambda: auth.questions)
    second = asyncio.create_task(check.check(same))
    third = asyncio.create_task(check.check(same))
    await eventually(lambda: check.waiting == 1)
    auth.may_answer.set()
    assert list(await asyncio.gather(first, second, third)) == [VALID] * 3
    assert auth.questions == [(hash_token(same),)] * 2


@pytest.mark.sec("LIM-19")
async def test_a_burst_of_more_tokens_than_one_question_holds_is_asked_in_several() -> None:
    auth = Auth()
    check = SessionCheck(auth, timeout_seconds=5, max_tokens=3)
    under_way = asyncio.create_task(check.check(token()))
    await eventually(lambda: auth.questions)
    burst = [asyncio.create_task(check.check(token())) for _ in range(8)]
    await eventually(lambda: check.waiting == 8)
    auth.may_answer.set()
    assert await asyncio.gather(under_way, *burst) == [VALID] * 9
    assert [len(question) for question in auth.questions] == [1, 3, 3, 2]


@pytest.mark.sec("LIM-19")
async def test_more_tokens_than_a_few_questions_hold_are_refused_at_once() -> None:
    auth = Auth()
    check = SessionCheck(auth, timeout_seconds=5, max_tokens=3)
    under_way = asyncio.create_task(check.check(token()))
    await eventually(lambda: auth.questions)
    gathered = [asyncio.create_task(check.check(token())) for _ in range(12)]
    await eventually(lambda: check.waiting == 12)
    with pytest.raises(UnavailableError):
        await check.check(token())
    auth.may_answer.set()
    assert await asyncio.gather(under_way, *gathered) == [VALID] * 13


@pytest.mark.sec("LIM-19")
async def test_a_token_that_waited_too_long_to_be_asked_about_is_given_up_and_not_asked() -> None:
    auth = Auth()
    check = SessionCheck(auth, timeout_seconds=0.1, max_tokens=1)
    late = token()
    # Two questions at the most are asked before it, each for as long as it may wait altogether.
    waiting = [asyncio.create_task(check.check(each)) for each in (token(), token(), token(), late)]
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [UnavailableError] * 4
    assert hash_token(late) not in {asked for question in auth.questions for asked in question}


@pytest.mark.sec("LIM-19")
async def test_a_late_answer_is_no_answer_for_those_who_asked_and_the_next_are_asked_anew() -> None:
    auth = Auth()
    check = SessionCheck(auth, timeout_seconds=0.05)
    with pytest.raises(UnavailableError):
        await check.check(token())
    auth.may_answer.set()

    async def asked_anew() -> SessionVerdict | None:
        with suppress(UnavailableError):  # a machine that stalls makes this answer late as well
            return await check.check(token())
        return None

    assert await eventually(asked_anew) == VALID


@pytest.mark.sec("SES-07")
async def test_a_mistake_of_ours_is_no_answer_either_and_nobody_waits_for_ever() -> None:
    auth = Auth()
    auth.breaks = True
    check = SessionCheck(auth, timeout_seconds=5)
    waiting = [asyncio.create_task(check.check(token()))]
    await eventually(lambda: auth.questions)
    waiting += [asyncio.create_task(check.check(token())) for _ in range(2)]
    await eventually(lambda: check.waiting == 2)
    auth.may_answer.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [UnavailableError] * 3


async def test_a_client_that_leaves_does_not_take_the_others_with_it() -> None:
    auth, same = Auth(), token()
    check = SessionCheck(auth, timeout_seconds=5)
    leaves, stays = asyncio.create_task(check.check(same)), asyncio.create_task(check.check(same))
    await eventually(lambda: auth.questions)
    leaves.cancel()
    auth.may_answer.set()
    assert await stays == VALID


async def test_closing_tells_those_who_wait() -> None:
    auth = Auth()
    check = SessionCheck(auth, timeout_seconds=5)
    asked = asyncio.create_task(check.check(token()))
    await eventually(lambda: auth.questions)
    gathered = asyncio.create_task(check.check(token()))
    await eventually(lambda: check.waiting == 1)
    await check.close()
    outcomes = await asyncio.gather(asked, gathered, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [UnavailableError] * 2


async def test_any_number_of_probes_takes_one_place_in_a_question() -> None:
    auth = Auth()
    check = SessionCheck(auth, timeout_seconds=5, max_tokens=1)
    under_way = asyncio.create_task(check.check(token()))
    await eventually(lambda: auth.questions)
    probes = [asyncio.create_task(check.probe()) for _ in range(50)]
    await eventually(lambda: check.waiting == 1)
    auth.may_answer.set()
    await asyncio.gather(under_way, *probes)
    assert len(auth.questions) == 2
