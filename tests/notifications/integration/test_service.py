"""The service as it runs: a process of its own, a real broker and database, the sandbox as carriers."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ansinh_contracts.registration import ContactDetails, DeclarationSubmittedV1

from tests.eventually import eventually
from tests.notifications.integration.neighbourhood import Neighbourhood
from tests.notifications.unit.test_reactions import rejected, submitted
from tests.notifications.world import secret

CANARIES = ("900000018", "mau@example.vn", "Nguyễn Văn Mẫu", "Ảnh bị mờ", "048213", "act_made-up")


@pytest.fixture
async def around(
    mongo_url: str, amqp_url: str, database_name: str, broker_namespace: str, tmp_path: Path
) -> AsyncIterator[Neighbourhood]:
    neighbourhood = Neighbourhood(
        mongo_url=mongo_url,
        amqp_url=amqp_url,
        database_name=database_name,
        namespace=broker_namespace,
        folder=tmp_path,
    )
    async with neighbourhood:
        await neighbourhood.start()
        yield neighbourhood


def to(number: int) -> DeclarationSubmittedV1:
    contact = ContactDetails(full_name="Nguyễn Văn Mẫu", phone=phone(number))
    return submitted(contact=contact, person_id=f"person-{number}")


def phone(number: int) -> str:
    return f"+8490001{number:04d}"


async def sms_per_target(around: Neighbourhood) -> Counter[str]:
    return Counter(message["to"] for message in await around.received(channel="sms"))


@pytest.mark.sec("PII-09")
@pytest.mark.sec("I8")
async def test_facts_and_secrets_reach_the_person_and_nothing_personal_stays_behind(around: Neighbourhood) -> None:
    await around.registration.publish(rejected())
    await around.auth.send_secret(secret(expires_at=datetime.now(UTC) + timedelta(minutes=5)))
    link = secret(
        message_id="a" * 32,
        purpose="activation",
        channel="email",
        target="mau@example.vn",
        secret="act_made-up",
        expires_at=datetime.now(UTC) + timedelta(hours=24),
    )
    await around.auth.send_secret(link)

    async def all_told() -> bool:
        return len(await around.received()) == 4 and len(around.auth.accepted) == 4

    await eventually(all_told, within_seconds=30)
    texts = " ".join(message["text"] for message in await around.received())
    assert all(canary in texts for canary in ("048213", "Ảnh bị mờ", "act_made-up"))
    assert {event.challenge_id for event in around.auth.accepted} == {None, secret().challenge_id}

    async def delivered() -> bool:
        return (await around.stored()).count("'type': 'message_delivered'") == 2

    await eventually(delivered, within_seconds=20, says="both delivery reports being recorded")
    assert await around.stop() == 0
    left_behind = await around.stored() + around.log_file.read_text(encoding="utf-8")
    assert [canary for canary in CANARIES if canary in left_behind] == []


@pytest.mark.sec("F-05")
@pytest.mark.sec("I4")
@pytest.mark.slow
async def test_killed_again_and_again_it_tells_everybody_and_nobody_twice(around: Neighbourhood) -> None:
    await around.order(channel="sms", kind="slow", times=0, seconds=0.05)
    everybody = {phone(number) for number in range(120)}
    for number in range(len(everybody)):
        await around.registration.publish(to(number))
    for told in (10, 40, 70):

        async def so_many_told(told: int = told) -> bool:
            return len(await around.received(channel="sms")) >= told

        await eventually(so_many_told, within_seconds=40)
        await around.kill()
        await around.start()

    async def everybody_told() -> bool:
        return set(await sms_per_target(around)) == everybody

    await eventually(everybody_told, within_seconds=60)
    assert set((await sms_per_target(around)).values()) == {1}


@pytest.mark.req("U-04")
@pytest.mark.slow
async def test_a_code_overtakes_500_notices(around: Neighbourhood) -> None:
    for number in range(500):
        await around.registration.publish(to(number))

    async def begun() -> bool:
        return bool(await around.received(channel="sms"))

    await eventually(begun, within_seconds=30)
    await around.auth.send_secret(secret(expires_at=datetime.now(UTC) + timedelta(minutes=5)))

    async def code() -> list[dict[str, object]]:
        return [message for message in await around.received(channel="sms") if "048213" in message["text"]]

    arrived = await eventually(code, within_seconds=20)
    before = [message for message in await around.received(channel="sms") if message["number"] < arrived[0]["number"]]
    assert len(before) < 400


@pytest.mark.sec("F-29")
async def test_an_answer_lost_after_acceptance_leads_to_no_second_message(around: Neighbourhood) -> None:
    await around.order(channel="sms", kind="hang_after_acceptance", times=2, seconds=3)
    await around.registration.publish(to(1))
    await around.auth.send_secret(secret(expires_at=datetime.now(UTC) + timedelta(minutes=5)))

    async def settled() -> bool:
        return {event.kind for event in around.auth.accepted} == {"declaration_received", "take_over_code"}

    await eventually(settled, within_seconds=30)
    assert set((await sms_per_target(around)).values()) == {1}


@pytest.mark.sec("F-28")
@pytest.mark.sec("F-32")
async def test_a_busy_carrier_is_asked_again(around: Neighbourhood) -> None:
    await around.order(channel="sms", kind="rate_limited", times=1)
    await around.order(channel="email", kind="rate_limited", times=1)
    await around.registration.publish(rejected())

    async def told() -> bool:
        return {message["channel"] for message in await around.received()} == {"sms", "email"}

    await eventually(told, within_seconds=40)


@pytest.mark.sec("F-11")
@pytest.mark.slow
async def test_restarted_under_load_it_leaves_no_outcome_unknown(around: Neighbourhood) -> None:
    await around.order(channel="sms", kind="slow", times=0, seconds=0.1)
    for number in range(60):
        await around.registration.publish(to(number))

    async def begun() -> bool:
        return len(await around.received(channel="sms")) >= 10

    await eventually(begun, within_seconds=30)
    assert await around.stop() == 0
    await around.start()

    async def everybody_told() -> bool:
        return len(await sms_per_target(around)) == 60

    await eventually(everybody_told, within_seconds=40)
    assert set((await sms_per_target(around)).values()) == {1}
    assert "message_outcome_unknown" not in await around.stored()
