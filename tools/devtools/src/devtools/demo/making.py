"""Makes the demo household: its records by an officer, then the parent's account by the way everyone goes."""

from collections.abc import Sequence
from datetime import date

import aiohttp

from devtools.demo.feeding import Feeder
from devtools.demo.household import Household, as_citizen, household
from devtools.errors import ToldError
from devtools.story.browser import Device
from devtools.story.cast import Cast
from devtools.story.people import Citizen, Officer
from devtools.story.play import OPENING, play
from devtools.story.report import NotAsToldError, Report
from devtools.story.staff import log_in_officer

_TIMEOUT = aiohttp.ClientTimeout(total=60)


async def make_household(
    *, gateway_url: str, sandbox_url: str, feeder: Officer, deciders: Sequence[Officer], today: date
) -> Citizen:
    """Feed the household's records under the agency of `feeder`, and return the parent, who can log in.

    Args:
        deciders: The officer who finds the parent's declaration valid, and one of another agency.

    Raises:
        ToldError: The system did not do its part.
    """
    people = household(today)
    try:
        await _feed(people, feeder, gateway_url)
    except NotAsToldError as error:
        raise ToldError(f"demo records: {error}") from error
    citizen, report = as_citizen(people.parent), Report(quiet=True)
    officer, stranger = deciders
    cast = await play(
        report,
        gateway_url=gateway_url,
        sandbox_url=sandbox_url,
        officer=officer,
        stranger=stranger,
        citizen=citizen,
        chapters=(*OPENING, _leave),
    )
    if not report.passed:
        last = report.steps[-1]
        raise ToldError(f"demo citizen: {last.title}: {last.why}")
    return cast.citizen


async def _feed(people: Household, feeder: Officer, gateway_url: str) -> None:
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
        device = Device(http, gateway_url)
        await log_in_officer(device, feeder)
        feed = Feeder(device, feeder.agency_code)
        ids = {life.person.index: await feed.participant(life) for life in people.lives()}
        await feed.guardian(ids[people.child.person.index], ids[people.parent.person.index])
        for life in people.lives():
            await feed.history(ids[life.person.index], life)


async def _leave(cast: Cast) -> None:
    """Log out: the first device a person logs in on is then not a second one."""
    await cast.first_phone.delete("/auth/v1/sessions/current")
