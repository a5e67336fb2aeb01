"""The demo household of a fresh system: its parent logs in and reads the own record, and the child's."""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime

import aiohttp
import pytest
from devtools.demo.household import household
from devtools.story.browser import Device
from devtools.story.people import Officer
from devtools.story.staff import log_in_officer
from devtools.system.demo import Demo

from tests.eventually import eventually
from tests.plugins.system import RunningSystem

# A whole registration is played to make the account, after the whole system has started.
pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(300)]


def _employers() -> set[str]:
    parent = household(datetime.now(UTC).date()).parent
    return {job.employer.code for job in parent.career.jobs}


async def test_the_demo_citizen_reads_the_own_record(system: RunningSystem) -> None:
    demo = Demo(system.layout, system.plan)
    # It keeps an event loop of its own, as a command has.
    citizen = await asyncio.to_thread(demo.citizen)
    async with aiohttp.ClientSession() as http:
        device = Device(http, system.gateway_url)
        body = {
            "user_name": citizen.social_insurance_number,
            "password": citizen.password,
            "device": {"kind": "desktop", "name": "Máy thử"},
        }
        opened = await device.post("/auth/v1/sessions", body, status=201)
        device.headers["Authorization"] = f"Bearer {opened.body['token']}"

        async def page_is_there() -> bool:
            page = (await device.get("/records/v1/participants/me/person")).body
            return bool(page["full_name"] == citizen.full_name)

        await eventually(page_is_there)
        card = (await device.get("/records/v1/participants/me/card")).body["card"]
        assert card["social_insurance_number"] == citizen.social_insurance_number
        social = (await device.get("/records/v1/participants/me/participation/social")).body
        assert {row["employer_code"] for row in social["rows"]} == _employers()
    parent = household(datetime.now(UTC).date()).parent.person
    assert citizen.social_insurance_number == parent.social_insurance_number
    assert demo.citizen() == citizen


@pytest.mark.sec("SEC-39")
async def test_the_demo_administrator_looks_after_the_staff_and_is_no_officer(system: RunningSystem) -> None:
    demo = Demo(system.layout, system.plan)
    administrator = await asyncio.to_thread(demo.administrator)
    async with aiohttp.ClientSession() as http:
        device = Device(http, system.gateway_url)
        await log_in_officer(device, Officer(**asdict(administrator)))
        await device.get("/auth/v1/staff/members", status=200)
        await device.get("/registration/v1/officer/queue", status=403)
    assert demo.administrator() == administrator
    assert administrator not in demo.officers()
