import aiohttp
import pytest

from tests.e2e.telling import tell
from tests.e2e.wire import doubled
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow]


async def test_the_story_goes_as_told(system: RunningSystem) -> None:
    await tell(system)


@pytest.mark.sec("F-22")
@pytest.mark.sec("F-23")
async def test_the_story_goes_as_told_when_every_message_comes_twice_and_out_of_order(system: RunningSystem) -> None:
    """The story itself insists on one receipt per channel, one account, one session."""
    async with doubled(system, window=3) as tally:
        cast = await tell(system)

    assert tally.count > 0
    messages = await texts_to(system, cast.citizen.phone_e164)
    assert len(messages) == len(set(messages)), "no SMS was sent twice"


async def texts_to(system: RunningSystem, phone: str) -> list[str]:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{system.sandbox_url}/api/messages", params={"to": phone}) as response,
    ):
        return [message["text"] for message in (await response.json())["messages"]]
