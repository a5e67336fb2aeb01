"""Whoever asks for codes by the thousand to earn from each SMS: budgets hold, others are served (OTC-12, LIM-10)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from ansinh_contracts.notifications import SMS_BUDGET, MessageAcceptedV1, MessageFailedV1
from ansinh_kit.personal_data.blind_index import BlindIndex
from auth.domain.challenges import Challenge
from auth.domain.code_subjects import TakeOver
from auth.domain.recipients import NOBODY, Recipient
from auth.handlers.sent_codes import SmsHeldBackError
from notifications.storage.sms_budget import Allowances, MongoSmsBudget
from prometheus_client import REGISTRY

from tests.auth.service import AuthService, keys

NUMBERS = 1_000
REQUESTS = 10_000
SUBJECT = TakeOver(epoch=1, device_kind="phone")


class Carrier:
    """Notifications as auth sees it: takes codes from the outbox, has the budgets, tells what became of each."""

    def __init__(self, auth: AuthService) -> None:
        self._auth = auth
        self._seen = 0
        self._budget = MongoSmsBudget(auth.database, BlindIndex(keys("n")), auth.clock, allowances=Allowances())
        self.sent: list[str] = []

    async def work(self) -> None:
        await self._auth.send_secrets()
        for message in self._auth.secrets.messages()[self._seen :]:
            self._seen += 1
            assert message.target is not None
            used_up = await self._budget.take(message.target)
            facts = {
                "message_id": message.message_id,
                "challenge_id": message.challenge_id,
                "channel": "sms",
                "kind": "take_over_code",
                "occurred_at": self._auth.clock.now(),
            }
            if used_up is None:
                self.sent.append(message.target)
                await self._auth.hear(MessageAcceptedV1.model_validate(facts))
                continue
            until = self._auth.clock.now() + timedelta(seconds=used_up.wait_seconds)
            await self._auth.hear(MessageFailedV1.model_validate(facts | {"reason": SMS_BUDGET, "retry_at": until}))


async def asked_of(auth: AuthService, phone: str) -> tuple[Challenge[TakeOver], Recipient]:
    """Return an open challenge of somebody with this phone."""
    somebody = phone.rjust(32, "0")
    recipient = replace(NOBODY, account_id=somebody, person_id=somebody, address=phone, version=1)
    challenge = auth.use_cases.codes.challenge(SUBJECT, recipient)
    await auth.use_cases.codes.open(challenge)
    return challenge, recipient


def alarms() -> float:
    return REGISTRY.get_sample_value("ansinh_sms_budget_refusals_total", {"scope": "prefix"}) or 0.0


@pytest.mark.slow
@pytest.mark.sec("OTC-12")
@pytest.mark.sec("LIM-10")
@pytest.mark.timeout(180)
async def test_ten_thousand_requests_over_a_thousand_numbers_send_no_more_than_the_budget(auth: AuthService) -> None:
    carrier, codes, before = Carrier(auth), auth.use_cases.codes, alarms()
    victims = [await asked_of(auth, f"+8491234{n:04d}") for n in range(NUMBERS)]
    waits: set[int] = set()
    for n in range(REQUESTS):
        try:
            await codes.send(*victims[n % NUMBERS])
        except SmsHeldBackError as held_back:
            waits.add(held_back.retry_after_seconds)
        else:
            await carrier.work()
    assert len(carrier.sent) <= 30
    assert alarms() > before
    assert waits, "whoever asks in vain is told how long"
    assert max(waits) <= 24 * 3600
    await codes.send(*await asked_of(auth, "+84977000001"))
    await carrier.work()
    assert carrier.sent[-1] == "+84977000001"
