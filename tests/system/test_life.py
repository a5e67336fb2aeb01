"""The system comes up, tells the truth about what is missing, and recovers by itself."""

import aiohttp
import pytest

from tests.eventually import eventually
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.slow]

SERVICES = ("auth", "registration", "notifications", "records")


async def _agencies_status(system: RunningSystem) -> int:
    url = f"{system.gateway_url}/api/registration/v1/agencies"
    async with aiohttp.ClientSession() as http, http.get(url, timeout=aiohttp.ClientTimeout(total=10)) as answer:
        return answer.status


def _reasons(system: RunningSystem) -> dict[str, str]:
    return {name: answer.reason for name, (_, answer) in system.control.readiness().items() if not answer.ready}


async def test_the_first_request_is_answered(system: RunningSystem) -> None:
    assert await _agencies_status(system) == 200


def test_demo_officers_belong_to_different_agencies(system: RunningSystem) -> None:
    assert len({officer.agency_code for officer in system.officers}) == len(system.officers) == 2


async def test_a_killed_service_comes_back_and_answers(system: RunningSystem) -> None:
    system.kill("registration")
    await eventually(lambda: "registration" in _reasons(system), 20)
    system.wait_until_ready()
    assert await _agencies_status(system) == 200


@pytest.mark.rabbit
async def test_without_the_broker_services_say_so_and_recover_when_it_returns(system: RunningSystem) -> None:
    system.hold("broker")
    try:
        await eventually(lambda: set(SERVICES) <= _reasons(system).keys(), 30)
        assert all("broker" in _reasons(system)[name] for name in SERVICES)
    finally:
        system.release("broker")
    system.wait_until_ready(90)


@pytest.mark.mongo
async def test_without_the_database_services_say_so_and_recover_when_it_returns(system: RunningSystem) -> None:
    system.hold("database")
    try:
        await eventually(lambda: set(SERVICES) <= _reasons(system).keys(), 30)
        assert await _agencies_status(system) in {503, 504}
    finally:
        system.release("database")
    system.wait_until_ready(90)
    assert await _agencies_status(system) == 200


def test_no_secret_stands_in_a_log(system: RunningSystem) -> None:
    secrets = {
        value
        for planned in system.plan.processes
        for name, value in planned.command.environment.items()
        if name.endswith(("_TOKEN", "_AMQP_URL"))
    } | {text for officer in system.officers for text in (officer.password, officer.totp_secret)}
    logs = "\n".join(path.read_text(errors="replace") for path in system.log_files.values() if path.exists())
    assert logs
    assert not [secret for secret in secrets if secret in logs]
