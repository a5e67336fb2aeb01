"""One-time codes whatever they are for: what binds them, and which counters stand behind them."""

from dataclasses import replace

import pytest
from ansinh_kit.errors import NotFoundError
from auth.domain.challenges import Challenge
from auth.domain.code_subjects import Activation, TakeOver
from auth.domain.one_time_codes import CodeRefusedError
from auth.domain.recipients import Recipient, phone_of
from auth.storage.wrong_codes import WrongCodes

from tests.auth.service import AuthService

SUBJECT = TakeOver(epoch=2, device_kind="phone")


async def recipient_of(auth: AuthService, account_id: str) -> Recipient:
    holder = await auth.use_cases.stored.holders.find(account_id)
    assert holder is not None
    return phone_of(holder)


async def sent(
    auth: AuthService, recipient: Recipient, thumbprint: str | None = None
) -> tuple[Challenge[TakeOver], str]:
    codes = auth.use_cases.codes
    challenge = codes.challenge(SUBJECT, recipient, device_thumbprint=thumbprint)
    await codes.open(challenge)
    await codes.send(challenge, recipient)
    return challenge, await auth.code_sent()


@pytest.mark.sec("OTC-03")
async def test_a_code_is_worth_nothing_once_the_phone_is_another_one(auth: AuthService) -> None:
    recipient = await recipient_of(auth, await auth.open_account())
    # As if the phone had been changed after this code went out: it carries a version that is not on file.
    earlier = replace(recipient, version=recipient.version + 1)
    challenge, code = await sent(auth, earlier)
    with pytest.raises(CodeRefusedError):
        await auth.use_cases.codes.check(challenge.challenge_id, TakeOver, code)
    with pytest.raises(NotFoundError):
        await auth.use_cases.codes.send(challenge, recipient)


@pytest.mark.sec("OTC-03")
async def test_a_code_asked_for_with_a_device_key_counts_with_that_key_only(auth: AuthService) -> None:
    recipient = await recipient_of(auth, await auth.open_account())
    challenge, code = await sent(auth, recipient, "own")
    check = auth.use_cases.codes.check
    before = auth.comparisons("take_over")
    for thumbprint in (None, "other"):
        with pytest.raises(CodeRefusedError):
            await check(challenge.challenge_id, TakeOver, code, device_thumbprint=thumbprint)
    assert auth.comparisons("take_over") == before
    right = await check(challenge.challenge_id, TakeOver, code, device_thumbprint="own")
    assert right.subject == SUBJECT


@pytest.mark.sec("LIM-08")
async def test_wrong_codes_in_a_row_are_counted_for_each_channel_apart(auth: AuthService) -> None:
    account_id = await auth.open_account()
    wrong = WrongCodes(auth.database)
    for _ in range(30):
        assert await wrong.count(account_id, "sms", limit=30)
    assert await wrong.count(account_id, "email", limit=30)
    await wrong.forget(account_id, "email")
    assert not await wrong.count(account_id, "sms", limit=30)


async def test_a_challenge_is_open_until_it_is_cancelled_and_only_as_what_it_is_about(auth: AuthService) -> None:
    recipient = await recipient_of(auth, await auth.open_account())
    codes = auth.use_cases.codes
    challenge, _ = await sent(auth, recipient)
    with pytest.raises(NotFoundError):
        await codes.find_open(challenge.challenge_id, Activation)
    assert not await codes.cancel(challenge.challenge_id, Activation)
    assert (await codes.find_open(challenge.challenge_id, TakeOver)).subject == SUBJECT
    assert await codes.cancel(challenge.challenge_id, TakeOver)
    with pytest.raises(NotFoundError):
        await codes.find_open(challenge.challenge_id, TakeOver)
