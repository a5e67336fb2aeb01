"""The people of the story, after it has been told, for tests that ask in their names."""

import asyncio
from collections.abc import Mapping

import aiohttp
import pytest
from devtools.story.cast import Cast

from tests.e2e.telling import tell
from tests.plugins.system import RunningSystem


@pytest.fixture(scope="module")
def cast(system: RunningSystem) -> Cast:
    """The story has been told: its citizen has an account, and its first phone was replaced."""
    with asyncio.Runner() as runner:
        return runner.run(tell(system))


@pytest.fixture(scope="module")
def citizen(system: RunningSystem, cast: Cast) -> Mapping[str, str]:
    """The headers of the citizen's session."""

    async def log_in() -> str:
        body = {
            "user_name": cast.citizen.social_insurance_number,
            "password": cast.citizen.password,
            "device": {"kind": "desktop", "name": "Máy thử"},
        }
        url = f"{system.gateway_url}/api/auth/v1/sessions"
        async with aiohttp.ClientSession() as http, http.post(url, json=body) as answer:
            assert answer.status == 201
            return str((await answer.json())["token"])

    with asyncio.Runner() as runner:
        return {"Authorization": f"Bearer {runner.run(log_in())}"}
